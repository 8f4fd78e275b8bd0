#include "drill/drill.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/atomic_file.h"
#include "cli/arguments.h"
#include "cli/duration.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "drill/canary_search.h"
#include "drill/drill_keys.h"
#include "drill/drill_loot.h"
#include "drill/drill_people.h"
#include "drill/drill_server.h"

namespace sealift::cli {
namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;

constexpr Option kOptions[] = {
    {'\0', "data", Takes::value}, {'\0', "parcels", Takes::value}, {'\0', "json", Takes::nothing}};
constexpr std::uint64_t kParcels = 1000;
constexpr std::uint64_t kParcelsMax = 100'000;
constexpr std::array<std::string_view, 7> kKinds = {"contents", "names", "notes",    "titles",
                                                    "secrets",  "keys",  "addresses"};
// The drill itself asks faster than people do.
constexpr std::string_view kServerConfig = "tls = self-made\nrequests_per_second = 1000000\n";

// A folder for what the drill needs, gone with the object.
class WorkFolder {
 public:
  static Result<std::unique_ptr<WorkFolder>> make() {
    std::string path =
        (std::filesystem::temp_directory_path() / "sealift-drill-").string() + std::string(6, 'X');
    if (::mkdtemp(path.data()) == nullptr)
      return tl::unexpected(base::error_of_errno(errno, "making a folder"));
    return std::unique_ptr<WorkFolder>(new WorkFolder(std::move(path)));
  }
  ~WorkFolder() {
    std::error_code ignored;  // what cannot be removed stays in the folder for temporary files
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit WorkFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// One place that was robbed, and how many canaries of each kind stood in it.
struct Place {
  std::string_view name;
  LootSize size{};
  std::array<std::uint64_t, kKinds.size()> found{};
  bool was_read = true;
  bool may_hold_addresses = false;
};

struct Findings {
  std::vector<Place> places{};
  std::size_t canaries = 0;
  DrillPeople::Counts sent{};
  KeyTrial trial{};

  bool is_clean() const {
    bool clean = trial.opened == 0;
    for (const Place& place : places) {
      for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        const bool is_excused =
            place.may_hold_addresses && kind == static_cast<std::size_t>(Canary::Kind::address);
        clean = clean && (place.found[kind] == 0 || is_excused);
      }
    }
    return clean;
  }
};

// Searches what `read` hands out; counts each canary of the place once.
template <typename Read>
Result<void> rob(Findings& findings, const CanarySearch& search,
                 const std::vector<Canary>& canaries, Place place, const Read& read) {
  std::set<std::uint32_t> found;
  const PieceSink sink = [&](ByteView piece) {
    search.search(piece, [&](const CanarySearch::Hit& hit) { found.insert(hit.canary); });
  };
  const auto size = read(sink);
  if (!size && size.error().code != ErrorCode::forbidden) return tl::unexpected(size.error());
  place.was_read = size.has_value();
  if (size) place.size = *size;
  for (const std::uint32_t canary : found)
    ++place.found[static_cast<std::size_t>(canaries[canary].kind)];
  findings.places.push_back(place);
  return {};
}

using ReadProcess = Result<LootSize> (*)(pid_t, std::size_t, const PieceSink&);

Result<LootSize> read_all(const std::vector<pid_t>& processes, ReadProcess read,
                          std::size_t overlap, const PieceSink& sink) {
  LootSize sum;
  for (const pid_t process : processes) {
    SEALIFT_TRY(const LootSize size, read(process, overlap, sink));
    sum += size;
  }
  return sum;
}

void add(CanarySearch& search, std::uint32_t number, const Canary& canary) {
  if (!canary.text.empty()) search.add(number, canary.text);
  if (!canary.raw.empty()) search.add_bytes(number, canary.raw);
}

struct Scene {
  const DrillServer& server;
  std::string data;
  std::string output;
};

Result<void> rob_everything(const Scene& scene, const std::vector<Canary>& canaries,
                            Findings& findings) {
  CanarySearch search;
  for (std::uint32_t i = 0; i < canaries.size(); ++i) add(search, i, canaries[i]);
  const std::size_t overlap = search.overlap();
  const auto processes = scene.server.processes();
  SEALIFT_TRY_VOID(
      rob(findings, search, canaries, {.name = "data folder"},
          [&](const PieceSink& sink) { return read_folder_loot(scene.data, overlap, sink); }));
  SEALIFT_TRY_VOID(
      rob(findings, search, canaries, {.name = "log output"},
          [&](const PieceSink& sink) { return read_file_loot(scene.output, overlap, sink); }));
  SEALIFT_TRY_VOID(
      rob(findings, search, canaries, {.name = "environment"}, [&](const PieceSink& sink) {
        return read_all(processes, read_process_loot, overlap, sink);
      }));
  // An address is in the clear there while it is asked for and answered.
  SEALIFT_TRY_VOID(rob(
      findings, search, canaries, {.name = "memory", .may_hold_addresses = true},
      [&](const PieceSink& sink) { return read_all(processes, read_memory_loot, overlap, sink); }));
  // The drill's own memory holds every canary: a search that doesn't find them there is blind.
  Findings own;
  SEALIFT_TRY_VOID(rob(own, search, canaries, {.name = "itself"}, [&](const PieceSink& sink) {
    return read_memory_loot(::getpid(), overlap, sink);
  }));
  std::uint64_t seen = 0;
  for (const std::uint64_t count : own.places.front().found) seen += count;
  if (own.places.front().was_read && seen != canaries.size())
    return base::fail(ErrorCode::internal, "the search does not find what is there");
  return {};
}

std::string mebibytes_text(std::uint64_t bytes, base::Language language) {
  const std::uint64_t tenths = bytes / 104'858;
  return phrase(language, "{whole}.{tenths} MiB", tenths / 10, tenths % 10);
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t size = width_of(text);
  return size < width ? std::string(width - size, ' ') + text : text;
}

void print(const Place& place, base::Language language) {
  const std::string_view name = looked_up(language, place.name);
  std::cout << name << std::string(14 - width_of(name), ' ');
  if (!place.was_read) {
    std::cout << phrase(language, "  not read: this needs root") << "\n";
    return;
  }
  std::cout << padded(mebibytes_text(place.size.bytes, language), 10);
  for (const std::uint64_t count : place.found) std::cout << padded(std::to_string(count), 10);
  if (place.may_hold_addresses)
    std::cout << phrase(language, "  addresses: while they are answered");
  std::cout << "\n";
}

void print(const Findings& findings, base::Language language) {
  const DrillPeople::Counts& sent = findings.sent;
  const KeyTrial& trial = findings.trial;
  std::cout << phrase(language,
                      "{parcels} parcels, {links} links, {requests} hand-ins, {uploads} uploads "
                      "under way, {receipts} receipts: {canaries} canaries; found by a thief of:",
                      sent.parcels, sent.links, sent.requests, sent.uploads, sent.receipts,
                      findings.canaries)
            << "\n\n"
            << padded("", 14) << padded(phrase(language, "size"), 10);
  for (const std::string_view kind : kKinds)
    std::cout << padded(std::string(looked_up(language, kind)), 10);
  std::cout << "\n";
  std::uint64_t unreadable = 0;
  for (const Place& place : findings.places) {
    print(place, language);
    unreadable += place.size.unreadable_pages;
  }
  std::cout << "\n"
            << phrase(language, "{count} {count:page|pages} of memory could not be read",
                      unreadable)
            << "\n"
            << phrase(language,
                      "{keys} keys out of {files} files and {unwrapped} link halves, slots and "
                      "verifiers that the vault's key unwraps, tried on {objects} sealed objects: "
                      "{opened} opened",
                      trial.candidates, trial.files, trial.unwrapped, trial.objects, trial.opened)
            << "\n"
            << phrase(language,
                      "what the thief has: the parcels' padded sizes and times, and which "
                      "pseudonym sent which to which")
            << "\n";
  if (findings.is_clean()) std::cout << phrase(language, "a break-in yields ciphertext") << "\n";
}

nlohmann::json json_of(const Findings& findings) {
  nlohmann::json places = nlohmann::json::array();
  for (const Place& place : findings.places) {
    nlohmann::json found;
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
      found[std::string(kKinds[kind])] = place.found[kind];
    places.push_back({{"place", place.name},
                      {"read", place.was_read},
                      {"bytes", place.size.bytes},
                      {"unreadable_pages", place.size.unreadable_pages},
                      {"found", std::move(found)}});
  }
  const DrillPeople::Counts& sent = findings.sent;
  const KeyTrial& trial = findings.trial;
  return {{"parcels", sent.parcels},      {"links", sent.links},
          {"hand_ins", sent.requests},    {"uploads", sent.uploads},
          {"receipts", sent.receipts},    {"canaries", findings.canaries},
          {"places", std::move(places)},  {"key_files", trial.files},
          {"unwrapped", trial.unwrapped}, {"keys_tried", trial.candidates},
          {"objects", trial.objects},     {"opened", trial.opened},
          {"clean", findings.is_clean()}};
}

Result<Findings> drill(const Environment& environment, const std::string& data,
                       const std::string& work, std::uint64_t parcels) {
  const std::string config = work + "/sealift.conf";
  SEALIFT_TRY(auto file, base::AtomicFile::create(config, 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(kServerConfig)));
  SEALIFT_TRY_VOID(file.commit(base::Replace::no, base::Durability::none));
  const std::string output = work + "/output";
  SEALIFT_TRY(const auto server,
              DrillServer::start({.program = environment.program_folder + "/sealiftd",
                                  .data = data,
                                  .config = config,
                                  .output = output}));
  SEALIFT_TRY(const auto people, DrillPeople::make(environment, server->url(), data, work));
  Findings findings;
  {
    Progress progress(environment, "", 0);
    for (std::uint64_t i = 0; i < parcels; ++i) {
      SEALIFT_TRY_VOID(people->act());
      progress.show([&] {
        return phrase(environment.language, "{count} {count:parcel|parcels} sent", i + 1);
      });
    }
  }
  findings.sent = people->counts();
  SEALIFT_TRY(findings.trial, try_keys(data, *people));
  findings.canaries = people->canaries().size();
  SEALIFT_TRY_VOID(rob_everything({.server = *server, .data = data, .output = output},
                                  people->canaries(), findings));
  return findings;
}

}  // namespace

Outcome run_drill(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!arguments->operands().empty()) return fail_usage("drill takes only options");
  std::optional<std::uint64_t> parcels = kParcels;
  if (const auto text = arguments->value("parcels")) parcels = parse_count(*text, kParcelsMax);
  if (!parcels)
    return fail_usage("--parcels takes a number from 1 to " + std::to_string(kParcelsMax) +
                      "; not " + *arguments->value("parcels"));
  auto work = WorkFolder::make();
  if (!work) return tl::unexpected(Failure(std::move(work).error()));
  const std::string data = arguments->value("data").value_or((*work)->path() + "/data");
  std::error_code error;
  if (std::filesystem::exists(data, error))
    return tl::unexpected(Failure({ErrorCode::conflict, "the data folder exists already"},
                                  "a drill needs a new folder"));
  const auto findings = drill(environment, data, (*work)->path(), *parcels);
  if (!findings) return tl::unexpected(Failure(findings.error()));
  if (arguments->has("json")) {
    std::cout << json_of(*findings).dump() << "\n";
  } else {
    print(*findings, environment.language);
  }
  if (!findings->is_clean())
    return tl::unexpected(Failure({ErrorCode::damaged, "a thief gets what no thief should get"}));
  return {};
}

}  // namespace sealift::cli
