#include "cli/verbs/census.h"

#include <iostream>
#include <vector>

#include "cli/did_you_mean.h"
#include "cli/help.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

struct CensusVerb {
  std::string_view name;
  Outcome (*run)(const Environment& environment, std::span<const std::string> arguments);
  std::string_view usage;
};

constexpr CensusVerb kVerbs[] = {
    {"scan", run_census_scan,
     "usage: sealift census scan PATH... --case DIR [--jobs N] [--resume] [--no-ocr] [--as-of "
     "DATE] "
     "[--json]\n\n"
     "Reads everything below PATH in sandboxed processes and keeps what it finds in the case. DIR "
     "is\n"
     "made if it is missing; nobody but you may have access to it.\n\n"
     "  --resume      continue a scan that was stopped: files already read are skipped\n"
     "  --no-ocr      don't read pictures of text (they count as partial)\n"
     "  --as-of DATE  count ages on this date; by default, the newest date of mails and folders\n"
     "  --jobs N      read with N processes at once; by default, one per core\n"},
    {"people", run_census_people,
     "usage: sealift census people --case DIR [--clear] [--json] [--minors] [--doubtful]\n"
     "                             [--limit N]\n"
     "       sealift census people --case DIR --why PERSON\n"
     "       sealift census people --case DIR (--apart | --together) RECORD RECORD\n\n"
     "Lists the people; --doubtful lists those who may be nobody, or one of them again, and why.\n"
     "--why shows a person's records and why they are one person; --apart and --together record\n"
     "your own judgement of two of these records. Values are masked without --clear.\n"},
    {"find", run_census_find,
     "usage: sealift census find (NAME | NUMBER | FILE) --case DIR [--clear] [--json]\n\n"
     "Shows who has a name, a number, an address or an e-mail address, or who is in a file. Name\n"
     "the file as `sealift census files` shows it. Values are masked without --clear.\n"},
    {"files", run_census_files,
     "usage: sealift census files --case DIR [--status STATUS] [--json]\n\n"
     "Lists every file with its status: read, partial, encrypted, unsupported or failed.\n"},
    {"report", run_census_report,
     "usage: sealift census report --case DIR [-o FILE.html] [--mail-merge FILE.csv] [--letters-on "
     "DATE]\n\n"
     "Writes a page for a privacy officer, with examples masked. --mail-merge writes a line for\n"
     "each letter, with values in the clear. --letters-on is the day on which the letters go out:\n"
     "anyone of age by then gets their own letter.\n"},
    {"export", run_census_export,
     "usage: sealift census export --case DIR [--people FILE.jsonl] [--doubtful FILE.jsonl]\n"
     "                             [--files FILE.jsonl]\n\n"
     "Writes the people and the files as JSON lines, with values in the clear. People who may be\n"
     "nobody, or one of the people again, are in the file of the doubtful only.\n"},
};

bool asks_for_help(std::span<const std::string> arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return false;
    if (argument == "--help" || argument == "-h") return true;
  }
  return false;
}

}  // namespace

Outcome run_census(const Environment& environment, std::span<const std::string> arguments) {
  if (arguments.empty())
    return fail_usage("census takes scan, people, find, files, report or export");
  for (const CensusVerb& verb : kVerbs)
    if (verb.name == arguments.front()) {
      if (!asks_for_help(arguments)) return verb.run(environment, arguments.subspan(1));
      std::cout << help_text(environment.language, verb.usage);
      return {};
    }
  std::vector<std::string_view> names;
  for (const CensusVerb& verb : kVerbs) names.push_back(verb.name);
  return fail_usage("census takes scan, people, find, files, report or export",
                    did_you_mean(arguments.front(), names));
}

tl::expected<std::string, Failure> case_folder(const Arguments& arguments) {
  auto folder = arguments.value("case");
  if (!folder || folder->empty()) return fail_usage("--case DIR is missing");
  return *std::move(folder);
}

base::Result<census::Case> open_case(const std::string& folder) {
  auto opened = census::Case::open(folder);
  if (!opened) return tl::unexpected(std::move(opened).error().with_context("case " + folder));
  return opened;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // C1 controls are 0xC2 0x80..0x9F in UTF-8; a terminal may take them for commands too.
    const bool c1 = !shown.empty() && static_cast<unsigned char>(shown.back()) == 0xC2 &&
                    byte >= 0x80 && byte < 0xA0;
    if (c1) shown.pop_back();
    shown += byte < 0x20 || byte == 0x7F || c1 ? '?' : c;
  }
  return shown;
}

}  // namespace sealift::cli
