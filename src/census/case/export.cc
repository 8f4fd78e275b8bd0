#include "census/case/export.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/atomic_file.h"
#include "base/file_descriptor.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};

// A file of lines that appears whole or not at all; a link at its name is replaced, not followed.
class LineFile {
 public:
  static base::Result<LineFile> create(const std::string& path) {
    auto target = base::AtomicFile::create(path, 0600);
    if (!target)
      return tl::unexpected(std::move(target).error().with_context("cannot write " + path));
    const int descriptor = ::fcntl(target->fd(), F_DUPFD_CLOEXEC, 0);
    std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    if (file == nullptr) return tl::unexpected(base::error_of_errno(errno, "writing the export"));
    return LineFile(*std::move(target), file);
  }

  bool write(const std::string& line) {
    return std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
           std::fputc('\n', file_.get()) == '\n';
  }

  base::Result<void> finish() {
    if (std::fflush(file_.get()) != 0)
      return base::fail(base::ErrorCode::no_space, "writing the export");
    return target_.commit(base::Replace::yes, base::Durability::none);
  }

 private:
  LineFile(base::AtomicFile target, std::FILE* file) : target_(std::move(target)), file_(file) {}

  base::AtomicFile target_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

std::string_view flag(const std::optional<bool>& value) {
  if (!value) return "null";
  return *value ? "true" : "false";
}

// ,"probability":0.98,"doubts":["two birth dates"]
std::string sureness_json(float probability, Doubts doubts) {
  char number[16];
  std::snprintf(number, sizeof number, "%.2f", static_cast<double>(probability));
  std::string json = std::string(",\"probability\":") + number;
  if (doubts == 0) return json;
  json += ",\"doubts\":[";
  for (const std::string_view words : words_of(doubts))
    json += (json.back() == '[' ? "" : ",") + json_string(words);
  return json + "]";
}

std::string element_json(const PersonElement& element) {
  std::string json = "{\"type\":" + json_string(to_string(element.type)) +
                     ",\"value\":" + json_string(element.value) + ",\"evidence\":[";
  for (const Evidence& evidence : element.evidence) {
    if (json.back() != '[') json += ',';
    json += "{\"path\":" + json_string(evidence.path) +
            ",\"locator\":" + json_string(evidence.locator) + "}";
  }
  return json + "]" + sureness_json(element.probability, element.doubts) + "}";
}

// The values that are sure, or those that aren't.
std::string elements_json(const Person& person, bool sure) {
  std::string json = "[";
  for (const PersonElement& element : person.elements) {
    if (element.is_sure() != sure) continue;
    if (json.size() > 1) json += ',';
    json += element_json(element);
  }
  return json + "]";
}

template <typename List, typename Show>
std::string array_json(const List& list, Show show) {
  std::string json = "[";
  for (const auto& item : list) {
    if (json.size() > 1) json += ',';
    json += show(item);
  }
  return json + "]";
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\') {
      json += {'\\', text[at]};
    } else if (byte < 0x20 || byte == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      json += escaped;
    } else if (point.size_bytes == 1 && byte >= 0x80) {
      json += "\xEF\xBF\xBD";
    } else {
      json += text.substr(at, point.size_bytes);
    }
    at += point.size_bytes;
  }
  return json + "\"";
}

std::string_view status_name(document::FileStatus status) {
  switch (status) {
    case document::FileStatus::read:
      return "read";
    case document::FileStatus::partial:
      return "partial";
    case document::FileStatus::encrypted:
      return "encrypted";
    case document::FileStatus::unsupported:
      return "unsupported";
    case document::FileStatus::failed:
      return "failed";
  }
  return "failed";
}

std::string person_json(const Person& person) {
  std::string json = "{\"person\":" + json_string(person.id);
  json += ",\"names\":" + array_json(person.names, json_string);
  json += ",\"birth_date\":" + (person.birth_date ? json_string(*person.birth_date) : "null");
  json += ",\"minor\":" + std::string(flag(person.minor));
  json += ",\"deceased\":" + std::string(flag(person.deceased));
  json += ",\"elements\":" + elements_json(person, true);
  json += ",\"doubtful\":" + elements_json(person, false);
  json += ",\"guardians\":" + array_json(person.guardians, json_string);
  json += sureness_json(person.probability, person.doubts);
  return json + ",\"kind\":" + json_string(to_string(person.kind)) + "}";
}

std::string file_json(const CaseFile& file) {
  return "{\"path\":" + json_string(file.path) +
         ",\"status\":" + json_string(status_name(file.status)) +
         ",\"bytes\":" + std::to_string(file.size_bytes) +
         ",\"reason\":" + json_string(file.reason) + ",\"format\":" + json_string(file.format) +
         (file.same_as.empty() ? "" : ",\"same_as\":" + json_string(file.same_as)) + "}";
}

namespace {

// The people of one file: the sure, or the doubtful.
base::Result<void> export_people(Case& from, const std::string& path, bool sure) {
  if (path.empty()) return {};
  bool written = true;
  SEALIFT_TRY(LineFile people, LineFile::create(path));
  SEALIFT_TRY_VOID(from.for_each_person([&](const Person& person) {
    if (person.is_sure() == sure) written = people.write(person_json(person));
    return written;
  }));
  if (!written) return base::fail(base::ErrorCode::no_space, "writing the export");
  return people.finish();
}

}  // namespace

base::Result<void> export_case(Case& from, const ExportPaths& paths) {
  SEALIFT_TRY_VOID(export_people(from, paths.people, true));
  SEALIFT_TRY_VOID(export_people(from, paths.doubtful, false));
  if (paths.files.empty()) return {};
  bool written = true;
  SEALIFT_TRY(LineFile files, LineFile::create(paths.files));
  SEALIFT_TRY_VOID(from.for_each_file(
      [&](const CaseFile& file) { return written = files.write(file_json(file)); }));
  if (!written) return base::fail(base::ErrorCode::no_space, "writing the export");
  return files.finish();
}

}  // namespace sealift::census
