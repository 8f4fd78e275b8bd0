// Small writers of the formats that a dump is made of, good enough for readers to read.
//
// Each gives the bytes of one file. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "invented_people.h"

namespace sealift::bench {

using Rows = std::vector<std::vector<std::string>>;

std::string csv_file(const Rows& rows);

// One sheet; cells that are numbers are written as such, others as shared strings.
std::string xlsx_file(const Rows& rows);

// Paragraphs, and a picture of `picture_bytes` of noise when there are any.
std::string docx_file(const std::vector<std::string>& paragraphs, const std::string& picture);

// Lines of text, 46 a page, in Helvetica; the picture stands beside them on the first page.
std::string pdf_file(const std::vector<std::string>& lines, const std::string& picture);

struct Attachment {
  std::string name;
  std::string bytes;
};
struct Mail {
  std::string from, to, subject, date, body;
  std::vector<Attachment> attachments;
};
std::string eml_file(const Mail& mail);

// A picture by its head and frame; between them noise, as a photograph's packed bytes are.
std::string jpeg_file(Random& random, std::size_t size_bytes);

}  // namespace sealift::bench
