#include "cli/done.h"

#include <iostream>

namespace sealift::cli {

void say_done(const Arguments& arguments, const nlohmann::json& facts, std::string_view sentence) {
  if (arguments.has("json")) {
    std::cout << facts.dump() << "\n";
  } else {
    std::cout << sentence << "\n";
  }
}

void say_none(const Arguments& arguments, std::string_view sentence) {
  if (!arguments.has("json")) std::cerr << sentence << "\n";
}

}  // namespace sealift::cli
