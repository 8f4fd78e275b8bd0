#include "cli/help.h"

#include <algorithm>
#include <optional>
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

}  // namespace

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
