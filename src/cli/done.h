// What a verb that changes something says when it is done: one line, or one JSON object.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/arguments.h"

namespace sealift::cli {

// That a list has nothing in it, on standard error: the list itself, for programs, stays empty.
void say_none(const Arguments& arguments, std::string_view sentence);

void say_done(const Arguments& arguments, const nlohmann::json& facts, std::string_view sentence);

}  // namespace sealift::cli
