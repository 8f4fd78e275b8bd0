#include "server/log_line.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file_descriptor.h"
#include "server/log_frames.h"

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
      log_line(LogEvent::failed, {{"why", "odd \"\\\n\x80 text"}, {"n", std::to_string(i)}});
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
  EXPECT_EQ(line["event"], "failed");
  EXPECT_EQ(line["level"], "error");
  EXPECT_EQ(line["why"], "odd  text");
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

TEST(LogLineTest, WhatTheLoggerCannotTakeIsCountedAndTheNumberIsTold) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
  const base::FileDescriptor in(ends[0]);
  const base::FileDescriptor out(ends[1]);
  set_log_socket(in.get());
  constexpr int kLines = 20'000;
  for (int i = 0; i < kLines; ++i) log_line(LogEvent::failed, {{"n", std::to_string(i)}});
  base::Bytes frame(kLogFrameSizeMax);
  const auto take_all = [&] {
    std::vector<LogLine> lines;
    while (true) {
      const ssize_t size = ::recv(out.get(), frame.data(), frame.size(), MSG_DONTWAIT);
      if (size <= 0) return lines;
      lines.push_back(
          decode_log_line(base::ByteView(frame).first(static_cast<std::size_t>(size))).value());
    }
  };
  const std::size_t taken = take_all().size();
  ASSERT_GT(taken, 10u);
  ASSERT_LT(taken, 20'000u);
  log_line(LogEvent::serving);
  set_log_socket(-1);
  const auto after = take_all();
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(after[0].event, LogEvent::lines_lost);
  EXPECT_EQ(after[0].fields.at(0).second, "role");
  EXPECT_EQ(after[0].fields.at(1).second, std::to_string(20'000 - taken));
  EXPECT_EQ(after[1].event, LogEvent::serving);
}

}  // namespace
}  // namespace sealift::server
