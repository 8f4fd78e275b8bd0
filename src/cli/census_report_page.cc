#include "cli/census_report_page.h"

#include <algorithm>
#include <string>

#include "census/case/export.h"
#include "census/kinds/kind.h"
#include "cli/census_words.h"
#include "cli/phrase.h"

namespace sealift::cli {
namespace {

using base::Language;
using census::ElementType;
using census::FolderFacts;
using census::html_text;
using census::KindFacts;
using census::ReportFacts;
using census::UnreadFile;

constexpr std::string_view kDocument = R"html(<!doctype html>
<html lang=")html";
constexpr std::string_view kHead = R"html(">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>)html";
constexpr std::string_view kStyle = R"html(</title>
<style>
:root { --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --bar: #2f6fab; --child: #c2601c; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf1; --soft: #a3adba; --line: #3a4350; --bar: #6aa5dc; --child: #e2915a; --paper: #161b22; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
p.note { color: var(--soft); }
dl.figures { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.4rem 0; padding: 0; }
dl.figures div { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1.1rem; min-width: 9rem; }
dl.figures dt { color: var(--soft); font-size: .9rem; } dl.figures dd { margin: 0; font-size: 1.8rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.bar { fill: var(--bar); } .child { fill: var(--child); }
code { font-size: .9em; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
)html";

// One of our texts as HTML; what is in backquotes is code.
std::string prose(std::string_view text) {
  std::string html;
  bool is_code = false;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('`', at), text.size());
    html += html_text(text.substr(at, end - at));
    if (end == text.size()) break;
    html += is_code ? "</code>" : "<code>";
    is_code = !is_code;
    at = end + 1;
  }
  return html;
}

// Grouped by three, for a page that is read.
std::string grouped(std::uint64_t number, Language language) {
  const std::string_view separator = language == Language::english ? "," : "\u00a0";
  std::string text = std::to_string(number);
  if (language == Language::french && number < 10'000) return text;
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, separator);
  }
  return text;
}

std::string number_cell(std::string_view text) {
  return "<td class=\"number\">" + std::string(text) + "</td>";
}
std::string number_head(std::string_view text) {
  return "<th class=\"number\">" + prose(text) + "</th>";
}
std::string head_cell(std::string_view text) { return "<th>" + prose(text) + "</th>"; }

// Writes the page in one language.
class Page {
 public:
  Page(const ReportFacts& facts, Language language) : facts_(facts), language_(language) {}
  std::string html() const;

 private:
  using Kinds = std::vector<std::pair<ElementType, const KindFacts*>>;

  std::string number(std::uint64_t count) const { return grouped(count, language_); }
  template <typename... Values>
  std::string say(Pattern<Values...> pattern, const Values&... values) const {
    return phrase(language_, pattern, values...);
  }
  static std::string figure(std::string_view what, std::string_view shown) {
    return "<div><dt>" + prose(what) + "</dt><dd>" + std::string(shown) + "</dd></div>\n";
  }

  std::string figures() const;
  std::string doubts_section() const;
  Kinds kinds_by_people() const;
  std::string kinds_chart(const Kinds& kinds) const;
  std::string kinds_table(const Kinds& kinds) const;
  std::string folders_table() const;
  std::string unread_table() const;

  const ReportFacts& facts_;
  const Language language_;
};

// "1,140 to 1,230": those who are sure, and with them those who are doubtful.
std::string Page::figures() const {
  const std::uint64_t known = facts_.children + facts_.adults;
  const std::string people = facts_.doubtful == 0 ? number(facts_.people)
                                                  : say("{least} to {most}", number(facts_.people),
                                                        number(facts_.people + facts_.doubtful));
  return "<dl class=\"figures\">\n" + figure(say("People"), people) +
         figure(say("Children"), number(facts_.children)) +
         figure(say("Adults"), number(facts_.adults)) +
         figure(say("Age not known"), number(facts_.people - std::min(facts_.people, known))) +
         figure(say("Deceased"), number(facts_.deceased)) +
         figure(say("Files not read whole"), number(facts_.unread_count)) + "</dl>\n";
}

std::string Page::doubts_section() const {
  if (facts_.doubts.empty()) return "";
  std::string html =
      "<h2>" + prose(say("Doubtful")) + "</h2>\n<p>" +
      prose(say("{shown} {people:person|people} who may be nobody, or one of the people again, and "
                "{also} {values:value|values} that may be somebody else's. They are in no letter: "
                "judge them in the file that `sealift census export --doubtful` writes.",
                number(facts_.doubtful), facts_.doubtful, number(facts_.doubtful_values),
                facts_.doubtful_values)) +
      "</p>\n<table><tr>" + head_cell(say("Why")) + number_head(say("How often")) + "</tr>\n";
  for (const auto& [words, count] : facts_.doubts)
    html += "<tr><td>" + html_text(looked_up(language_, words)) + "</td>" +
            number_cell(number(count)) + "</tr>\n";
  return html + "</table>\n";
}

Page::Kinds Page::kinds_by_people() const {
  Kinds kinds;
  for (const auto& [type, kind] : facts_.kinds) kinds.emplace_back(type, &kind);
  std::ranges::stable_sort(
      kinds, [](const auto& a, const auto& b) { return a.second->people > b.second->people; });
  return kinds;
}

std::string Page::kinds_chart(const Kinds& kinds) const {
  if (kinds.empty()) return "";
  constexpr int kRow = 26;
  constexpr int kLeft = 220;
  constexpr int kWidth = 470;
  const std::uint64_t most = std::max<std::uint64_t>(1, kinds.front().second->people);
  std::string svg = "<svg role=\"img\" aria-label=\"" + html_text(say("People by kind of data")) +
                    "\" viewBox=\"0 0 900 " +
                    std::to_string(kRow * static_cast<int>(kinds.size()) + 4) +
                    "\" width=\"100%\">\n";
  int y = 4;
  for (const auto& [type, kind] : kinds) {
    const auto width = static_cast<int>(kind->people * kWidth / most);
    const auto child = static_cast<int>(kind->children * kWidth / most);
    const std::string top = std::to_string(y);
    svg += "<text x=\"" + std::to_string(kLeft - 8) + "\" y=\"" + std::to_string(y + 15) +
           "\" text-anchor=\"end\">" + html_text(kind_title(type, language_)) + "</text>";
    svg += "<rect class=\"bar\" x=\"" + std::to_string(kLeft) + "\" y=\"" + top + "\" width=\"" +
           std::to_string(std::max(1, width)) + "\" height=\"18\" rx=\"2\"/>";
    svg += "<rect class=\"child\" x=\"" + std::to_string(kLeft) + "\" y=\"" + top + "\" width=\"" +
           std::to_string(child) + "\" height=\"18\" rx=\"2\"/>";
    svg += "<text x=\"" + std::to_string(kLeft + width + 8) + "\" y=\"" + std::to_string(y + 15) +
           "\">" +
           html_text(kind->children > 0 ? say("{people}, {children} of them children",
                                              number(kind->people), number(kind->children))
                                        : number(kind->people)) +
           "</text>\n";
    y += kRow;
  }
  return svg + "</svg>\n";
}

std::string Page::kinds_table(const Kinds& kinds) const {
  std::string html = "<table><tr>" + head_cell(say("Kind")) + number_head(say("People")) +
                     number_head(say("Children")) + head_cell(say("Examples, masked")) + "</tr>\n";
  for (const auto& [type, kind] : kinds) {
    html += "<tr><td>" + html_text(kind_title(type, language_)) + "</td>" +
            number_cell(number(kind->people)) + number_cell(number(kind->children)) + "<td>";
    for (const std::string& example : kind->examples) {
      if (&example != &kind->examples.front()) html += ", ";
      html += "<code>" + html_text(example) + "</code>";
    }
    html += "</td></tr>\n";
  }
  return html + "</table>\n";
}

std::string Page::folders_table() const {
  std::vector<std::pair<std::string, FolderFacts>> folders(facts_.folders.begin(),
                                                           facts_.folders.end());
  std::ranges::stable_sort(
      folders, [](const auto& a, const auto& b) { return a.second.people > b.second.people; });
  std::string html = "<table><tr>" + head_cell(say("Folder")) + number_head(say("Files")) +
                     number_head(say("Not read whole")) + number_head(say("People")) +
                     number_head(say("Children")) + "</tr>\n";
  for (const auto& [name, folder] : folders)
    html += "<tr><td>" + html_text(name) + "</td>" + number_cell(number(folder.files)) +
            number_cell(number(folder.unread)) + number_cell(number(folder.people)) +
            number_cell(number(folder.children)) + "</tr>\n";
  return html + "</table>\n";
}

std::string Page::unread_table() const {
  if (facts_.unread.empty()) return "<p>" + prose(say("Every file was read.")) + "</p>\n";
  std::string html = "<table><tr>" + head_cell(say("File")) + head_cell(say("Status")) +
                     head_cell(say("Reason")) + "</tr>\n";
  for (const UnreadFile& file : facts_.unread)
    html += "<tr><td>" + html_text(file.path) + "</td><td>" +
            html_text(looked_up(language_, census::status_name(file.status))) + "</td><td>" +
            html_text(reason_text(file.reason, language_)) + "</td></tr>\n";
  html += "</table>\n";
  if (facts_.unread_count > facts_.unread.size())
    html += "<p class=\"note\">" +
            prose(say("{count} more: see `sealift census files`.",
                      number(facts_.unread_count - facts_.unread.size()))) +
            "</p>\n";
  return html;
}

std::string Page::html() const {
  const Kinds kinds = kinds_by_people();
  std::uint64_t all_files = 0;
  for (const std::uint64_t count : facts_.files) all_files += count;
  std::string html(kDocument);
  html += language_ == Language::french ? "fr-CA" : "en";
  html += kHead;
  html += prose(say("Census report"));
  html += kStyle;
  html += "<h1>" + prose(say("Whose data is in these files")) + "</h1>\n<p class=\"note\">" +
          prose(say("{shown} {files:file|files}, {size} {bytes:byte|bytes}.", number(all_files),
                    all_files, number(facts_.bytes), facts_.bytes));
  if (!facts_.as_of.empty()) html += " " + prose(say("Ages count on {date}.", facts_.as_of));
  html += "</p>\n" + figures() + "<p>" +
          prose(say("Of the children, {linked} are linked to a parent or guardian. Not counted "
                    "above: {staff} staff of whom the files have only work contact data, and "
                    "{named} people who are named and of whom nothing else is said.",
                    number(facts_.children_with_guardian), number(facts_.work_contacts),
                    number(facts_.name_only))) +
          "</p>\n" + doubts_section();
  html +=
      "<h2>" + prose(say("By kind of data")) + "</h2>\n" + kinds_chart(kinds) + kinds_table(kinds);
  html += "<h2>" + prose(say("By folder")) + "</h2>\n<p class=\"note\">" +
          prose(say("A person whose data is in several folders counts in each.")) + "</p>\n" +
          folders_table();
  html += "<h2>" + prose(say("What could not be read")) + "</h2>\n<p>" +
          prose(say("Read: {read}, in part: {partial}, encrypted: {encrypted}, unsupported: "
                    "{unsupported}, failed: {failed}.",
                    number(facts_.files[1]), number(facts_.files[2]), number(facts_.files[3]),
                    number(facts_.files[4]), number(facts_.files[5]))) +
          "</p>\n" + unread_table();
  return html + "</body>\n</html>\n";
}

}  // namespace

std::string census_report_page(const ReportFacts& facts, Language language) {
  return Page(facts, language).html();
}

}  // namespace sealift::cli
