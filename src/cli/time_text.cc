#include "cli/time_text.h"

#include <array>
#include <ctime>
#include <iostream>

#include "cli/phrase.h"

namespace sealift::cli {

std::string time_text(base::UnixTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> out{};
  std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return out.data();
}

void warn_of_clock(base::UnixTime server, base::UnixTime here, base::Language language) {
  constexpr std::chrono::minutes kGood{5};
  const auto apart = server > here ? server - here : here - server;
  if (apart <= kGood) return;
  std::cerr << phrase(
      language,
      "sealift: warning: this machine's clock says {here}, the server's {server}\n"
      "sealift: hint: set the clock that is wrong; the times that you sign are your own\n",
      here, server);
}

}  // namespace sealift::cli
