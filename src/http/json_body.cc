#include "http/json_body.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/limits.h"

namespace sealift::http {
namespace {

using base::ErrorCode;
using nlohmann::json;

// Walks the events of a parse without building anything; false from an event ends the walk.
class Judge final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool string(string_t& text) override { return judge_text(text); }
  bool key(string_t& text) override {
    return judge_text(text) && (keys_.back().insert(text).second || refuse("key stands twice"));
  }
  bool start_object(std::size_t) override { return descend(); }
  bool end_object() override { return ascend(); }
  bool start_array(std::size_t) override { return descend(); }
  bool end_array() override { return ascend(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return refuse("not JSON");
  }

  const base::Error& error() const { return error_; }

 private:
  bool refuse(const char* why, ErrorCode code = ErrorCode::malformed) {
    error_ = {code, why};
    return false;
  }
  bool judge_text(const string_t& text) {
    return text.find('\0') == string_t::npos || refuse("NUL in a text");
  }
  bool descend() {
    if (keys_.size() == limits::kJsonDepthMax) return refuse("nested too deep", ErrorCode::limit);
    keys_.emplace_back();
    return true;
  }
  bool ascend() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  // of the objects that are open; arrays have none
  base::Error error_{ErrorCode::malformed, "not JSON"};
};

}  // namespace

base::Result<json> parse_json_body(base::ByteView body, std::size_t size_bytes_max) {
  if (body.size() > size_bytes_max) return base::fail(ErrorCode::limit, "body too large");
  const std::string_view text = base::text_of(body);
  // The library skips a byte order mark; RFC 8259 section 8.1 has none.
  if (text.substr(0, 1) == "\xef") return base::fail(ErrorCode::malformed, "not JSON");
  Judge judge;
  if (!json::sax_parse(text, &judge)) return tl::unexpected(judge.error());
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return base::fail(ErrorCode::malformed, "not JSON");
  return value;
}

}  // namespace sealift::http
