// The page of the report: plain HTML and SVG, no script, nothing fetched.
#include <algorithm>
#include <string>

#include "census/case/export.h"
#include "census/case/report.h"
#include "census/kinds/kind.h"

namespace sealift::census {
namespace {

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Census report</title>
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

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string figure(std::string_view what, std::uint64_t number) {
  return "<div><dt>" + std::string(what) + "</dt><dd>" + grouped(number) + "</dd></div>\n";
}

// "1,140 to 1,230": those who are sure, and with them those who are doubtful.
std::string interval(std::string_view what, std::uint64_t least, std::uint64_t more) {
  if (more == 0) return figure(what, least);
  return "<div><dt>" + std::string(what) + "</dt><dd>" + grouped(least) + " to " +
         grouped(least + more) + "</dd></div>\n";
}

std::string doubts_section(const ReportFacts& facts) {
  if (facts.doubts.empty()) return "";
  std::string html =
      "<h2>Doubtful</h2>\n<p>" + grouped(facts.doubtful) +
      " who may be nobody, or one of the people again, and " + grouped(facts.doubtful_values) +
      " values that may be somebody else's. They are in no letter: judge them in the file that "
      "<code>sealift census export --doubtful</code> writes.</p>\n<table><tr><th>Why</th><th "
      "class=\"number\">How often</th></tr>\n";
  for (const auto& [words, count] : facts.doubts)
    html += "<tr><td>" + html_text(words) + "</td><td class=\"number\">" + grouped(count) +
            "</td></tr>\n";
  return html + "</table>\n";
}

using Kinds = std::vector<std::pair<ElementType, const KindFacts*>>;

Kinds kinds_by_people(const ReportFacts& facts) {
  Kinds kinds;
  for (const auto& [type, kind] : facts.kinds) kinds.emplace_back(type, &kind);
  std::ranges::stable_sort(
      kinds, [](const auto& a, const auto& b) { return a.second->people > b.second->people; });
  return kinds;
}

std::string kinds_chart(const Kinds& kinds) {
  if (kinds.empty()) return "";
  constexpr int kRow = 26;
  constexpr int kLeft = 220;
  constexpr int kWidth = 470;
  const std::uint64_t most = std::max<std::uint64_t>(1, kinds.front().second->people);
  std::string svg = "<svg role=\"img\" aria-label=\"People by kind of data\" viewBox=\"0 0 900 " +
                    std::to_string(kRow * static_cast<int>(kinds.size()) + 4) +
                    "\" width=\"100%\">\n";
  int y = 4;
  for (const auto& [type, kind] : kinds) {
    const auto width = static_cast<int>(kind->people * kWidth / most);
    const auto child = static_cast<int>(kind->children * kWidth / most);
    const std::string top = std::to_string(y);
    svg += "<text x=\"" + std::to_string(kLeft - 8) + "\" y=\"" + std::to_string(y + 15) +
           "\" text-anchor=\"end\">" + html_text(kind_of(type).title_english) + "</text>";
    svg += "<rect class=\"bar\" x=\"" + std::to_string(kLeft) + "\" y=\"" + top + "\" width=\"" +
           std::to_string(std::max(1, width)) + "\" height=\"18\" rx=\"2\"/>";
    svg += "<rect class=\"child\" x=\"" + std::to_string(kLeft) + "\" y=\"" + top + "\" width=\"" +
           std::to_string(child) + "\" height=\"18\" rx=\"2\"/>";
    svg += "<text x=\"" + std::to_string(kLeft + width + 8) + "\" y=\"" + std::to_string(y + 15) +
           "\">" + grouped(kind->people) +
           (kind->children > 0 ? ", " + grouped(kind->children) + " of them children" : "") +
           "</text>\n";
    y += kRow;
  }
  return svg + "</svg>\n";
}

std::string kinds_table(const Kinds& kinds) {
  std::string html =
      "<table><tr><th>Kind</th><th class=\"number\">People</th><th "
      "class=\"number\">Children</th><th>Examples, masked</th></tr>\n";
  for (const auto& [type, kind] : kinds) {
    html += "<tr><td>" + html_text(kind_of(type).title_english) + "</td><td class=\"number\">" +
            grouped(kind->people) + "</td><td class=\"number\">" + grouped(kind->children) +
            "</td><td>";
    for (const std::string& example : kind->examples) {
      if (&example != &kind->examples.front()) html += ", ";
      html += "<code>" + html_text(example) + "</code>";
    }
    html += "</td></tr>\n";
  }
  return html + "</table>\n";
}

std::string folders_table(const ReportFacts& facts) {
  std::vector<std::pair<std::string, FolderFacts>> folders(facts.folders.begin(),
                                                           facts.folders.end());
  std::ranges::stable_sort(
      folders, [](const auto& a, const auto& b) { return a.second.people > b.second.people; });
  std::string html =
      "<table><tr><th>Folder</th><th class=\"number\">Files</th><th class=\"number\">Not read "
      "whole</th>"
      "<th class=\"number\">People</th><th class=\"number\">Children</th></tr>\n";
  for (const auto& [name, folder] : folders)
    html += "<tr><td>" + html_text(name) + "</td><td class=\"number\">" + grouped(folder.files) +
            "</td><td class=\"number\">" + grouped(folder.unread) + "</td><td class=\"number\">" +
            grouped(folder.people) + "</td><td class=\"number\">" + grouped(folder.children) +
            "</td></tr>\n";
  return html + "</table>\n";
}

std::string unread_table(const ReportFacts& facts) {
  if (facts.unread.empty()) return "<p>Every file was read.</p>\n";
  std::string html = "<table><tr><th>File</th><th>Status</th><th>Reason</th></tr>\n";
  for (const UnreadFile& file : facts.unread)
    html += "<tr><td>" + html_text(file.path) + "</td><td>" + html_text(status_name(file.status)) +
            "</td><td>" + html_text(file.reason) + "</td></tr>\n";
  html += "</table>\n";
  if (facts.unread_count > facts.unread.size())
    html += "<p class=\"note\">" + grouped(facts.unread_count - facts.unread.size()) +
            " more: see <code>sealift census files</code>.</p>\n";
  return html;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return html;
}

std::string report_html(const ReportFacts& facts) {
  const Kinds kinds = kinds_by_people(facts);
  std::uint64_t all_files = 0;
  for (const std::uint64_t count : facts.files) all_files += count;
  std::string html(kHead);
  html += "<h1>Whose data is in these files</h1>\n<p class=\"note\">" + grouped(all_files) +
          " files, " + grouped(facts.bytes) + " bytes." +
          (facts.as_of.empty() ? "" : " Ages count on " + html_text(facts.as_of) + ".") +
          "</p>\n<dl class=\"figures\">\n";
  html += interval("People", facts.people, facts.doubtful) + figure("Children", facts.children) +
          figure("Adults", facts.adults) +
          figure("Age not known",
                 facts.people - std::min(facts.people, facts.children + facts.adults)) +
          figure("Deceased", facts.deceased) + figure("Files not read whole", facts.unread_count) +
          "</dl>\n";
  html +=
      "<p>Of the children, " + grouped(facts.children_with_guardian) +
      " are linked to a parent or guardian. Not counted above: " + grouped(facts.work_contacts) +
      " staff of whom only work contact data stands in the files, and " + grouped(facts.name_only) +
      " people who are named and of whom nothing else is said.</p>\n";
  html += doubts_section(facts);
  html += "<h2>By kind of data</h2>\n" + kinds_chart(kinds) + kinds_table(kinds);
  html +=
      "<h2>By folder</h2>\n<p class=\"note\">A person whose data stands in several folders counts "
      "in each.</p>\n" +
      folders_table(facts);
  html += "<h2>What could not be read</h2>\n<p>Read: " + grouped(facts.files[1]) +
          ", in part: " + grouped(facts.files[2]) + ", encrypted: " + grouped(facts.files[3]) +
          ", unsupported: " + grouped(facts.files[4]) + ", failed: " + grouped(facts.files[5]) +
          ".</p>\n" + unread_table(facts);
  return html + "</body>\n</html>\n";
}

}  // namespace sealift::census
