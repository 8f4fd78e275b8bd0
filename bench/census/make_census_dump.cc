// make_census_dump FOLDER SIZE_MB: an invented dump of a file transfer server, for measuring.
//
// FOLDER/files/ADDRESS/DATE/NAME in the mix of kParts: registers, forms, letters, mails, archives,
// pictures, and much that holds nobody's data (budgets, program text, logs). The same arguments
// give the same bytes. FOLDER/made.json says what was made: files and bytes by kind, how many
// people are named at all.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "invented_people.h"
#include "office_files.h"
#include "readers/pack/pack_for_test.h"

namespace {

using namespace sealift::bench;

constexpr std::uint64_t kSeed = 20210120;
// One person for so many bytes of dump: 6.5 GB name about a quarter of a million.
constexpr std::uint64_t kBytesAPerson = 26'000;

constexpr const char* kWords[] = {
    "service", "committee", "report",  "budget",  "review",   "schedule", "request", "policy",
    "update",  "meeting",   "project", "system",  "quarter",  "region",   "council", "approval",
    "the",     "of",        "and",     "for",     "with",     "after",    "before",  "under",
    "each",    "several",   "planned", "pending", "complete", "open",     "the",     "a",
    "vehicle", "station",   "repair",  "tender",  "contract", "delivery", "new",     "annual"};
constexpr const char* kNotes[] = {"asthma, uses an inhaler", "allergic to peanuts",
                                  "reports chest pain", "fell at home, hip pain",
                                  "type 2 diabetes"};

std::string number(Random& random, std::uint64_t low, std::uint64_t high) {
  return std::to_string(random.between(low, high));
}

std::string sentence(Random& random) {
  std::string text;
  const std::uint64_t words = random.between(7, 18);
  for (std::uint64_t i = 0; i < words; ++i)
    text += (i > 0 ? " " : "") + std::string(random.of(kWords));
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

struct Made {
  std::string extension;
  std::string bytes;
};

class Maker {
 public:
  explicit Maker(std::uint64_t size_bytes)
      : people_(std::max<std::uint64_t>(300, size_bytes / kBytesAPerson)) {}

  Made register_csv(Random& random) { return {"csv", csv_file(people_rows(random, 300, 40'000))}; }
  Made register_xlsx(Random& random) { return {"xlsx", xlsx_file(people_rows(random, 30, 2'500))}; }
  Made budget_csv(Random& random) { return {"csv", csv_file(budget_rows(random, 2'000, 60'000))}; }
  Made budget_xlsx(Random& random) { return {"xlsx", xlsx_file(budget_rows(random, 200, 12'000))}; }
  Made letter_docx(Random& random) {
    return {"docx", docx_file(letter(random), picture(random, 12'000, 90'000))};
  }

  Made case_pdf(Random& random) {
    std::vector<std::string> lines;
    for (std::uint64_t part = random.between(1, 6); part > 0; --part) {
      for (const std::string& line : letter(random)) wrap(line, lines);
      for (std::uint64_t i = random.between(10, 200); i > 0; --i) wrap(sentence(random), lines);
    }
    return {"pdf", pdf_file(lines, random.below(3) == 0 ? "" : picture(random, 20'000, 150'000))};
  }

  Made mail(Random& random) {
    Mail mail = plain_mail(random);
    if (random.below(3) != 0) {
      const Made attached = attachment(random);
      mail.attachments.push_back({"attached." + attached.extension, attached.bytes});
    }
    return {"eml", eml_file(mail)};
  }

  Made mailbox(Random& random) {
    std::string out;
    for (std::uint64_t i = random.between(200, 4'000); i > 0; --i)
      out += "From MAILER-DAEMON Tue Jan 19 10:00:00 2021\n" +
             (i % 8 == 0 ? mail(random).bytes : eml_file(plain_mail(random))) + "\n";
    return {"mbox", std::move(out)};
  }

  Made zip(Random& random) {
    std::vector<sealift::readers::Packed> members;
    for (std::uint64_t i = random.between(2, 120); i > 0; --i) {
      Made made = attachment(random);
      members.push_back(
          {"folder/member" + std::to_string(i) + "." + made.extension, std::move(made.bytes)});
    }
    return {"zip", sealift::readers::pack(sealift::readers::Packing::zip, members)};
  }

  Made photo(Random& random) { return {"jpg", picture(random, 300'000, 3'000'000)}; }

  Made video(Random& random) {
    std::string noise = picture(random, 4'000'000, 30'000'000);
    return {"mp4", std::string("\0\0\0\x18"
                               "ftypmp42",
                               12) +
                       noise.substr(12)};
  }

  Made program_text(Random& random) {
    std::string out;
    for (std::uint64_t i = random.between(200, 20'000); i > 0; --i) {
      if (i % 5 == 0) {
        out += "// " + sentence(random) + "\n";
      } else {
        out += "  table[" + number(random, 0, 255) +
               "] = " + number(random, 100'000'000, 9'999'999'999) + "; // " + random.of(kWords) +
               "\n";
      }
    }
    return {"c", std::move(out)};
  }

  Made log_text(Random& random) {
    std::string out;
    for (std::uint64_t i = random.between(2'000, 100'000); i > 0; --i)
      out += "2021-01-" + number(random, 10, 28) + " " + number(random, 10, 23) + ":" +
             number(random, 10, 59) + " station=" + number(random, 1, 40) +
             " id=" + number(random, 100'000'000, 9'999'999'999) +
             " flow=" + number(random, 1, 9999) + " state=" + random.of(kWords) + "\n";
    return {"log", std::move(out)};
  }

  std::size_t named() const { return named_.size(); }

 private:
  InventedPerson person(std::uint64_t at) {
    named_.insert(at);
    return invented_person(at);
  }

  static std::string picture(Random& random, std::uint64_t low, std::uint64_t high) {
    return jpeg_file(random, random.between(low, high));
  }

  // Households one after the other, as a register has them, from a place drawn.
  Rows people_rows(Random& random, std::uint64_t low, std::uint64_t high) {
    // The square: most registers are short.
    const std::uint64_t span = random.below(high - low + 1);
    const std::uint64_t count = std::min(people_ / 2, low + span * span / (high - low));
    const std::uint64_t first = random.below(people_ - count);
    Rows rows;
    const bool classes = random.below(2) == 0;
    if (classes) {
      rows.push_back({"Student", "Date of Birth", "School", "Parent", "Home Phone", "Address"});
    } else {
      rows.push_back(
          {"Last Name", "First Name", "DOB", "Health Card", "SIN", "Phone", "Address", "Note"});
    }
    for (std::uint64_t at = first; at < first + count; ++at) {
      if (classes && at % 3 != 2) continue;
      const InventedPerson who = person(at);
      if (classes) {
        rows.push_back({who.last + ", " + who.first, who.born, who.school, person(at - 2).name(),
                        who.phone, who.address()});
      } else {
        rows.push_back({who.last, who.first, who.born, who.health_number, who.sin, who.phone,
                        who.address(), at % 4 == 0 ? random.of(kNotes) : ""});
      }
    }
    return rows;
  }

  static Rows budget_rows(Random& random, std::uint64_t low, std::uint64_t high) {
    Rows rows = {
        {"Account", "Cost centre", "Description", "Budget", "Actual", "Variance", "Posted"}};
    const std::uint64_t span = random.below(high - low + 1);
    for (std::uint64_t i = low + span * span / (high - low); i > 0; --i)
      rows.push_back({number(random, 100'000'000, 9'999'999'999), number(random, 1000, 9999),
                      std::string(random.of(kWords)) + " " + random.of(kWords),
                      number(random, 100, 999'999) + ".50", number(random, 100, 999'999),
                      number(random, 1, 9999),
                      "2020-" + number(random, 10, 12) + "-" + number(random, 10, 28)});
    return rows;
  }

  std::vector<std::string> letter(Random& random) {
    const std::uint64_t household = random.below(people_ / 3);
    const InventedPerson parent = person(member_of_household(household, random.below(2)));
    std::vector<std::string> lines = {"Regional Office",
                                      "January " + number(random, 4, 20) + ", 2021", ""};
    if (random.below(2) == 0) {
      const InventedPerson child = person(member_of_household(household, 2));
      lines.push_back("Dear " + parent.name() + ",");
      lines.push_back("Re: your child " + child.name() + ", born " + child.born);
      lines.push_back("We write about the request of " + child.first + " at " + child.school + ".");
    } else {
      lines.push_back("Client name: " + parent.name());
      lines.push_back("Date of birth: " + parent.born);
      lines.push_back("Health card number: " + parent.health_number);
      lines.push_back("Home address: " + parent.address());
      lines.push_back("Phone: " + parent.phone);
      lines.push_back(std::string("Note: ") + random.of(kNotes));
    }
    for (std::uint64_t i = random.between(4, 30); i > 0; --i) lines.push_back(sentence(random));
    lines.push_back("You can be reached at " + parent.phone + ".");
    return lines;
  }

  Mail plain_mail(Random& random) {
    Mail mail{.from = "clerk" + number(random, 1, 60) + "@region.example",
              .to = "office" + number(random, 1, 60) + "@region.example",
              .subject = sentence(random),
              .date = "Tue, " + number(random, 10, 28) + " Jan 2021 10:00:00 -0500",
              .body = "Hello,\n\n",
              .attachments = {}};
    if (random.below(4) == 0) {
      const InventedPerson who = person(random.below(people_));
      mail.body += "Please open a file for " + who.name() + ", born " + who.born + ", phone " +
                   who.phone + ", " + who.email + ".\n\n";
    }
    for (std::uint64_t i = random.between(5, 40); i > 0; --i) mail.body += sentence(random) + "\n";
    return mail;
  }

  Made attachment(Random& random) {
    switch (random.below(8)) {
      case 0:
        return {"csv", csv_file(people_rows(random, 10, 400))};
      case 1:
        return {"xlsx", xlsx_file(budget_rows(random, 50, 2'000))};
      case 2:
        return {"txt", program_text(random).bytes};
      case 3:
      case 4:
        return letter_docx(random);
      default:
        return case_pdf(random);
    }
  }

  static void wrap(const std::string& text, std::vector<std::string>& lines) {
    std::string_view rest = text;
    while (rest.size() > 90) {
      const std::size_t cut = rest.rfind(' ', 90);
      lines.emplace_back(rest.substr(0, cut));
      rest.remove_prefix(cut + 1);
    }
    lines.emplace_back(rest);
  }

  std::uint64_t people_;
  std::set<std::uint64_t> named_;
};

struct Part {
  const char* kind;
  unsigned permille;  // of all bytes
  Made (Maker::*make)(Random& random);
};

constexpr Part kParts[] = {
    {"register_csv", 20, &Maker::register_csv},
    {"register_xlsx", 8, &Maker::register_xlsx},
    {"letter_docx", 80, &Maker::letter_docx},
    {"case_pdf", 170, &Maker::case_pdf},
    {"mail", 120, &Maker::mail},
    {"mailbox", 60, &Maker::mailbox},
    {"zip", 120, &Maker::zip},
    {"photo", 132, &Maker::photo},
    {"video", 20, &Maker::video},
    {"clean_budget_csv", 70, &Maker::budget_csv},
    {"clean_budget_xlsx", 60, &Maker::budget_xlsx},
    {"clean_program_text", 100, &Maker::program_text},
    {"clean_log_text", 40, &Maker::log_text},
};

struct Count {
  std::uint64_t files = 0, bytes = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make_census_dump FOLDER SIZE_MB\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const std::uint64_t size_bytes = std::stoull(argv[2]) * 1'000'000;
  Maker maker(size_bytes);
  std::map<std::string, Count> counts;
  for (const Part& part : kParts) {
    Count& count = counts[part.kind];
    while (count.bytes < size_bytes / 1000 * part.permille) {
      Random random(kSeed + count.files * 1000 + static_cast<std::uint64_t>(&part - kParts));
      const Made made = (maker.*part.make)(random);
      const auto place = folder / "files" /
                         ("user" + std::to_string(random.below(40)) + "@region.example") /
                         ("2020-" + number(random, 10, 12) + "-" + number(random, 10, 28));
      std::filesystem::create_directories(place);
      std::ofstream(place / (part.kind + std::string("-") + std::to_string(count.files) + "." +
                             made.extension),
                    std::ios::binary)
          << made.bytes;
      ++count.files;
      count.bytes += made.bytes.size();
    }
  }
  std::ofstream out(folder / "made.json");
  out << "{\"people\":" << maker.named();
  for (const auto& [kind, count] : counts)
    out << ",\n \"" << kind << "\":{\"files\":" << count.files << ",\"bytes\":" << count.bytes
        << "}";
  out << "}\n";
  return out ? 0 : 1;
}
