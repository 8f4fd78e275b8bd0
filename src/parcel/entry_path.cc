#include "parcel/entry_path.h"

#include "base/limits.h"
#include "base/utf8.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;

base::Result<void> check_component(std::string_view component) {
  if (component.empty()) return fail(ErrorCode::malformed, "a name in the path is empty");
  if (component == "." || component == "..")
    return fail(ErrorCode::malformed, "a name in the path is . or ..");
  if (component.size() > limits::kEntryNameSizeMax)
    return fail(ErrorCode::malformed, "a name in the path is longer than 255 bytes");
  while (!component.empty()) {
    const auto point = base::first_code_point(component);
    if (!point) return fail(ErrorCode::malformed, "a name in the path is not UTF-8");
    const char32_t c = point->value;
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
      return fail(ErrorCode::malformed, "a name in the path has a control character");
    if (c == U'\\') return fail(ErrorCode::malformed, "a name in the path has a backslash");
    component.remove_prefix(point->size_bytes);
  }
  return {};
}

// Calls `use(component)` for each part between slashes.
template <typename Use>
void split(std::string_view text, Use use) {
  for (;;) {
    const std::size_t slash = text.find('/');
    use(text.substr(0, slash));
    if (slash == std::string_view::npos) return;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

base::Result<EntryPath> EntryPath::parse(std::string_view text) {
  if (text.size() > limits::kEntryPathSizeMax)
    return fail(ErrorCode::malformed, "the path is longer than 4096 bytes");
  std::size_t count = 0;
  base::Result<void> checked;
  split(text, [&](std::string_view component) {
    ++count;
    if (checked) checked = check_component(component);
  });
  SEALIFT_TRY_VOID(checked);
  if (count > limits::kEntryPathDepthMax)
    return fail(ErrorCode::malformed, "the path has more than 64 levels");
  return EntryPath(std::string(text));
}

std::vector<std::string_view> EntryPath::components() const {
  std::vector<std::string_view> all;
  split(text_, [&](std::string_view component) { all.push_back(component); });
  return all;
}

}  // namespace sealift::parcel
