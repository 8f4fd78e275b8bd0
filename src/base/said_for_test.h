// What tests compare a failure with: its code and its sentence, "damaged: the header was changed".
#pragma once

#include <string>

#include "base/error_table.h"
#include "base/result.h"

namespace sealift::base {

inline std::string said(const Error& error) {
  return std::string(error_row(error.code).name) + ": " + error.text;
}

template <typename T>
std::string said(const Result<T>& result) {
  return result ? std::string("no error") : said(result.error());
}

}  // namespace sealift::base
