#include "server/log_line.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file_descriptor.h"

namespace sealift::server {
namespace {

// What a process with its standard error in a pipe that nobody reads meanwhile wrote there.
std::string lines_of(int count) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return "no pipe";
  const base::FileDescriptor out(ends[0]);
  base::FileDescriptor in(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in.get(), STDERR_FILENO);
    set_log_role("vault");
    for (int i = 0; i < count; ++i)
      log_line({{"event", "odd \"\\\n\x80 text"}, {"n", std::to_string(i)}});
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  in.reset();
  std::string all;
  std::array<char, 4096> some{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(out.get(), some.data(), some.size());
    if (got > 0) all.append(some.data(), static_cast<std::size_t>(got));
  }
  return all;
}

TEST(LogLineTest, IsOneObjectOfPrintableAscii) {
  const std::string text = lines_of(1);
  ASSERT_EQ(text.find('\n'), text.size() - 1);
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["role"], "vault");
  EXPECT_EQ(line["event"], "odd  text");
  EXPECT_EQ(line["n"], "0");
  EXPECT_GT(line["time"].get<std::int64_t>(), 1'700'000'000'000);
}

TEST(LogLineTest, NobodyWaitsForAReader) {
  constexpr int kMoreThanAPipeHolds = 5000;
  const std::string text = lines_of(kMoreThanAPipeHolds);
  EXPECT_GT(text.size(), 32'000u);
  EXPECT_EQ(text.back(), '\n') << "whole lines";
  EXPECT_EQ(text.find("\"4999\""), text.npos);
}

}  // namespace
}  // namespace sealift::server
