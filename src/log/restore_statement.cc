#include "log/restore_statement.h"

#include "base/base64.h"
#include "log/statement_lines.h"

namespace sealift::log {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kTitle = "sealift-restore/v1";

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "restore statement");
}

std::uint64_t milliseconds(base::UnixTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

base::UnixTime time_of(std::uint64_t ms) {
  return base::UnixTime(std::chrono::milliseconds(static_cast<std::int64_t>(ms)));
}

}  // namespace

std::string restore_statement_text(const RestoreStatement& statement) {
  std::string text = std::string(kTitle) + "\n" + statement.log_name + "\n";
  text += statement_line("size", statement.kept.size);
  text += "root " + base::base64_encode(statement.kept.root, base::Padding::required) + "\n";
  text += statement_line("directory-size", statement.kept_directory.size);
  text += "directory-root " +
          base::base64_encode(statement.kept_directory.root, base::Padding::required) + "\n";
  text += statement_line("backup", milliseconds(statement.backup));
  text += statement_line("restored", milliseconds(statement.restored));
  return text + statement_line("lost", statement.lost);
}

Result<RestoreStatement> parse_restore_statement(std::string_view text) {
  StatementLines lines(text);
  if (lines.next() != kTitle) return malformed();
  RestoreStatement statement;
  statement.log_name = lines.next();
  statement.kept.size = lines.number_of("size");
  const auto root = parse_log_hash(lines.value_of("root"));
  statement.kept_directory.size = lines.number_of("directory-size");
  const auto directory_root = parse_log_hash(lines.value_of("directory-root"));
  statement.backup = time_of(lines.number_of("backup"));
  statement.restored = time_of(lines.number_of("restored"));
  statement.lost = lines.number_of("lost");
  if (!lines.is_done() || !root || !directory_root || !is_key_name(statement.log_name)) {
    return malformed();
  }
  statement.kept.root = *root;
  statement.kept_directory.root = *directory_root;
  return statement;
}

std::string reopen_key_name(std::string_view log_name, unsigned which) {
  return std::string(log_name) + "-reopen-" + std::to_string(which);
}

Result<RestoreStatement> open_restore_statement(std::string_view bytes,
                                                std::span<const VerifierKey> keys) {
  SEALIFT_TRY(const Note note, parse_note(bytes));
  SEALIFT_TRY_VOID(verify_note(note, keys));
  SEALIFT_TRY(RestoreStatement statement, parse_restore_statement(note.text));
  for (const VerifierKey& key : keys) {
    if (!key.name().starts_with(statement.log_name + "-reopen-")) {
      return base::fail(ErrorCode::no_match, "restore statement of another log");
    }
  }
  return statement;
}

std::optional<RestoreStatement> judge_restore_statement(std::string_view note,
                                                        const SeenLog& seen) {
  const auto log_key = VerifierKey::parse(seen.key);
  if (!log_key) return std::nullopt;
  std::vector<VerifierKey> keys;
  for (const std::string& text : seen.reopen_keys) {
    if (auto key = VerifierKey::parse(text)) keys.push_back(*std::move(key));
  }
  auto statement = open_restore_statement(note, keys);
  if (!statement || statement->log_name != log_key->name()) return std::nullopt;
  if (statement->restored <= seen.restored || statement->kept.size > seen.size) return std::nullopt;
  return *std::move(statement);
}

}  // namespace sealift::log
