#include "cli/scan_order.h"

#include <algorithm>
#include <array>

namespace sealift::cli {
namespace {

constexpr std::uint64_t kLookSizeMax = std::uint64_t{256} << 10;
constexpr std::size_t kLookFilesMax = 64;  // of each: what may be a table, and all others
constexpr std::size_t kHintSizeMax = 8;
constexpr std::array<std::string_view, 6> kTables = {"csv", "tsv", "xlsx", "xls", "ods", "vcf"};

bool may_be_table(const extract::InputFile& file) {
  return std::ranges::find(kTables, cost_hint(file.path)) != kTables.end();
}

// At most `count` of the indexes, evenly over all of them.
void take_evenly(const std::vector<std::size_t>& indexes, std::vector<bool>& taken) {
  const std::size_t count = std::min(indexes.size(), kLookFilesMax);
  for (std::size_t i = 0; i < count; ++i) taken[indexes[i * indexes.size() / count]] = true;
}

}  // namespace

std::string cost_hint(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  if (dot == std::string::npos || path.size() - dot - 1 > kHintSizeMax) return "";
  if (slash != std::string::npos && slash > dot) return "";
  std::string hint = path.substr(dot + 1);
  for (char& c : hint)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return hint;
}

std::vector<extract::InputFile> in_scan_order(std::vector<extract::InputFile> files) {
  std::vector<std::size_t> tables, others;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].size_bytes == 0 || files[i].size_bytes > kLookSizeMax) continue;
    (may_be_table(files[i]) ? tables : others).push_back(i);
  }
  std::vector<bool> look(files.size(), false);
  take_evenly(tables, look);
  take_evenly(others, look);
  std::vector<extract::InputFile> ordered;
  std::vector<extract::InputFile> rest;
  ordered.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i)
    (look[i] ? ordered : rest).push_back(std::move(files[i]));
  std::stable_partition(ordered.begin(), ordered.end(), may_be_table);
  std::ranges::stable_sort(rest, std::ranges::greater(), &extract::InputFile::size_bytes);
  std::ranges::move(rest, std::back_inserter(ordered));
  return ordered;
}

}  // namespace sealift::cli
