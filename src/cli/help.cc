#include "cli/help.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "cli/phrase.h"

namespace sealift::cli {
namespace {

using base::Language;

constexpr std::size_t kWidth = 95;
constexpr std::size_t kTermWidthMax = 24;  // a longer term has a line to itself
constexpr std::string_view kUsage = "usage: ";

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    if (!text.substr(0, end).empty()) parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + at.size());
  }
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The words in one line.
std::string joined(std::string_view lines) {
  std::string out;
  for (const std::string_view line : split(lines, "\n"))
    out.append(out.empty() ? "" : " ").append(line.substr(indent_of(line)));
  return out;
}

// From `column` on, where the first line has come already.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string out;
  std::size_t at = column;
  for (const std::string_view word : split(text, " ")) {
    const std::size_t width = width_of(word);
    if (at > column && at + 1 + width > kWidth) {
      out.append("\n").append(column, ' ');
      at = column;
    }
    out.append(at > column ? " " : "").append(word);
    at += (at > column ? 1 : 0) + width;
  }
  return out;
}

// Words of capitals, as names of what is to be given.
std::string with_names(Language language, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool is_name = text[0] >= 'A' && text[0] <= 'Z';
    std::size_t size = 1;
    while (is_name && size < text.size() &&
           ((text[size] >= 'A' && text[size] <= 'Z') ||
            (text[size] == '-' && size + 1 < text.size() && text[size + 1] >= 'A' &&
             text[size + 1] <= 'Z')))
      ++size;
    out += is_name ? looked_up(language, text.substr(0, size)) : text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

std::string synopsis(Language language, std::string_view text) {
  const std::string head = phrase(language, "usage: ");
  std::string out;
  for (std::string_view line : split(text, "\n")) {
    if (line.starts_with(kUsage)) {
      out += head;
      line.remove_prefix(kUsage.size());
    } else {
      out.append("\n").append(width_of(head) - kUsage.size(), ' ');
    }
    out += with_names(language, line);
  }
  return out;
}

struct Entry {
  std::size_t indent = 0;
  std::string_view term;
  std::string meaning;
};

// Where a term ends: at a gap or, where the hand left none, behind an option and its value's name.
std::size_t term_end(std::string_view text) {
  const std::size_t gap = text.find("  ");
  if (gap != text.npos || !text.starts_with('-')) return gap;
  const std::size_t end = text.find(' ');
  const bool has_name = end + 1 < text.size() && text[end + 1] >= 'A' && text[end + 1] <= 'Z';
  return end != text.npos && has_name ? text.find(' ', end + 1) : end;
}

std::vector<Entry> entries_of(std::string_view paragraph) {
  std::vector<Entry> entries;
  for (const std::string_view line : split(paragraph, "\n")) {
    const std::size_t indent = indent_of(line);
    const std::string_view text = line.substr(indent);
    const bool continues =
        !entries.empty() && indent > entries.front().indent + 4 && !text.starts_with("--");
    if (continues) {
      std::string& meaning = entries.back().meaning;
      meaning.append(meaning.empty() ? "" : " ").append(text);
      continue;
    }
    const std::size_t gap = term_end(text);
    const std::string_view rest = gap == text.npos ? std::string_view() : text.substr(gap);
    entries.push_back({indent, text.substr(0, gap), std::string(rest.substr(indent_of(rest)))});
  }
  return entries;
}

bool is_list(std::string_view paragraph) {
  const std::string_view line = paragraph.substr(0, paragraph.find('\n'));
  const std::string_view text = line.substr(indent_of(line));
  return text.find("  ") != text.npos || (indent_of(line) > 0 && text.starts_with('-'));
}

std::string list(Language language, std::string_view paragraph) {
  std::vector<Entry> entries = entries_of(paragraph);
  std::vector<std::string> terms;
  std::size_t column = 0;
  for (const Entry& entry : entries) {
    terms.push_back(std::string(entry.indent, ' ') + with_names(language, entry.term));
    if (width_of(entry.term) <= kTermWidthMax)
      column = std::max(column, width_of(terms.back()) + 2);
  }
  std::string out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t width = width_of(terms[i]);
    out.append(out.empty() ? "" : "\n").append(terms[i]);
    if (width + 2 > column) {
      out.append("\n").append(column, ' ');
    } else {
      out.append(column - width, ' ');
    }
    out += wrapped(looked_up(language, entries[i].meaning), column);
  }
  return out;
}

// Where a line of a synopsis has the parts' names: behind "sealift VERB" and, of `admin`, its
// option.
std::string_view behind_verb(std::string_view line) {
  constexpr std::string_view kProgram = "sealift ";
  constexpr std::string_view kDataOption = "--data DIR ";
  const std::size_t program = line.find(kProgram);
  if (program == line.npos) return {};
  line.remove_prefix(program + kProgram.size());
  line.remove_prefix(std::min(line.find(' '), line.size()));
  line.remove_prefix(indent_of(line));
  if (line.starts_with(kDataOption)) line.remove_prefix(kDataOption.size());
  return line;
}

bool is_part_name(std::string_view word) {
  return !word.empty() &&
         std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }) &&
         !word.starts_with('-');
}

// "invitations [--json] | withdraw ID [--json]" has two, "on|off|status [--json]" three.
std::vector<std::string_view> parts_in(std::string_view line) {
  std::vector<std::string_view> parts;
  for (const std::string_view way : split(behind_verb(line), " | "))
    for (const std::string_view word : split(way.substr(0, way.find(' ')), "|"))
      if (is_part_name(word)) parts.push_back(word);
  return parts;
}

bool has(std::span<const std::string_view> all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

bool names_part(std::string_view text, std::string_view part) {
  const std::string quoted = "`" + std::string(part);
  for (std::size_t at = text.find(quoted); at != text.npos; at = text.find(quoted, at + 1))
    if (at + quoted.size() < text.size() &&
        (text[at + quoted.size()] == '`' || text[at + quoted.size()] == ' '))
      return true;
  const std::string first = std::string(part) + " ";
  return text.starts_with(first) || text.find(". " + first) != text.npos;
}

// "ACCOUNT" of "ACCOUNT is an address": what a synopsis asks for. "" if it begins otherwise.
std::string_view explained_by(std::string_view text) {
  const std::string_view word = text.substr(0, text.find(' '));
  const bool is_name = word.size() > 1 && std::ranges::all_of(word, [](char c) {
                         return (c >= 'A' && c <= 'Z') || c == '-';
                       });
  return is_name ? word : std::string_view();
}

bool asks_for(std::string_view synopsis, std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; };
  for (std::size_t at = synopsis.find(name); at != synopsis.npos;
       at = synopsis.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_letter(synopsis[at - 1])) &&
        (end == synopsis.size() || !is_letter(synopsis[end])))
      return true;
  }
  return false;
}

bool has_option(std::string_view synopsis, std::string_view option) {
  for (std::size_t at = synopsis.find(option); at != synopsis.npos;
       at = synopsis.find(option, at + 1)) {
    const std::size_t end = at + option.size();
    const char next = end < synopsis.size() ? synopsis[end] : ' ';
    if (next != '-' && (next < 'a' || next > 'z')) return true;
  }
  return false;
}

// "--output" of "-o, --output FILE".
std::string_view option_of(std::string_view term) {
  const std::size_t at = term.find("--");
  return at == term.npos ? term : term.substr(at, term.find(' ', at) - at);
}

// The lines of a list's entries that belong to `part`; `own` and `all` are synopses.
std::string list_of_part(std::string_view paragraph, std::string_view part, std::string_view own,
                         std::string_view all) {
  std::string out;
  bool is_kept = false;
  const std::size_t first = indent_of(paragraph);
  for (const std::string_view line : split(paragraph, "\n")) {
    const std::string_view text = line.substr(indent_of(line));
    if (indent_of(line) <= first + 4 || text.starts_with("--")) {
      const std::string_view term = text.substr(0, term_end(text));
      const std::string_view option = option_of(term);
      is_kept = option.starts_with('-') ? has_option(own, option) || !has_option(all, option)
                                        : term == part;
    }
    if (is_kept) out.append(line).append("\n");
  }
  return out;
}

struct Synopsis {
  std::string own;  // the lines of one part
  std::vector<std::string_view> parts;
};

Synopsis synopsis_of(std::string_view lines, std::string_view part) {
  Synopsis synopsis;
  bool is_own = false;
  for (std::string_view line : split(lines, "\n")) {
    const auto parts = parts_in(line);
    const bool continues = line.find("sealift ") == line.npos;
    if (!continues) is_own = has(parts, part);
    synopsis.parts.insert(synopsis.parts.end(), parts.begin(), parts.end());
    if (!is_own) continue;
    const std::size_t indent = continues ? indent_of(line) : kUsage.size();
    if (!continues) line.remove_prefix(line.find("sealift "));
    synopsis.own += synopsis.own.empty() ? std::string(kUsage) : std::string(indent, ' ');
    synopsis.own.append(continues ? line.substr(indent) : line).append("\n");
  }
  return synopsis;
}

}  // namespace

std::string usage_of_part(std::string_view usage, std::string_view part) {
  const std::string_view head = usage.substr(0, usage.find("\n\n"));
  const Synopsis synopsis = synopsis_of(head, part);
  if (synopsis.own.empty()) return {};
  std::string out = synopsis.own;
  for (const std::string_view paragraph : split(usage.substr(head.size()), "\n\n")) {
    std::string kept;
    if (is_list(paragraph)) {
      kept = list_of_part(paragraph, part, synopsis.own, head);
    } else {
      const std::string text = joined(paragraph);
      const bool is_of_some = std::ranges::any_of(
          synopsis.parts, [&](std::string_view each) { return names_part(text, each); });
      const std::string_view explained = explained_by(text);
      const bool is_of_others =
          asks_for(head, explained) && !asks_for(synopsis.own, explained) && !explained.empty();
      if ((!is_of_some && !is_of_others) || names_part(text, part)) kept = std::string(paragraph);
    }
    if (kept.empty()) continue;
    out.append("\n").append(kept).append(kept.ends_with('\n') ? "" : "\n");
  }
  return out;
}

std::string help_text(Language language, std::string_view usage) {
  if (language == Language::english) return std::string(usage);
  std::string out;
  for (const std::string_view paragraph : split(usage, "\n\n")) {
    if (out.empty()) {
      out = synopsis(language, paragraph) + "\n";
    } else if (is_list(paragraph)) {
      out.append("\n").append(list(language, paragraph)).append("\n");
    } else {
      out.append("\n").append(wrapped(looked_up(language, joined(paragraph)), 0)).append("\n");
    }
  }
  return out;
}

}  // namespace sealift::cli
