#include "server/logger/outlet.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/file_descriptor.h"

namespace sealift::server {
namespace {

struct OutletTest : testing::Test {
  OutletTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    out = base::FileDescriptor(ends[0]);
    in = base::FileDescriptor(ends[1]);
    ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
    std::signal(SIGPIPE, SIG_IGN);
  }
  std::string read_all() {
    std::string all;
    std::array<char, 4096> some{};
    for (ssize_t got = 1; got > 0;) {
      got = ::read(out.get(), some.data(), some.size());
      if (got > 0) all.append(some.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  base::FileDescriptor out, in;
};

TEST_F(OutletTest, LinesWaitForASlowReader) {
  Outlet outlet(in.get(), 1 << 20);
  constexpr int kMoreThanAPipeHolds = 10'000;
  std::string expected;
  for (int i = 0; i < kMoreThanAPipeHolds; ++i) {
    const std::string line = "line number " + std::to_string(i) + "\n";
    expected += line;
    outlet.put(line);
  }
  EXPECT_TRUE(outlet.is_waiting());
  std::string seen;
  while (outlet.is_waiting()) {
    seen += read_all();
    outlet.flush();
  }
  EXPECT_EQ(seen + read_all(), expected);
  EXPECT_EQ(outlet.dropped(), 0u);
}

TEST_F(OutletTest, PastItsLimitTheOldestAreDroppedAndCounted) {
  Outlet outlet(in.get(), 1000);
  constexpr int kLines = 20'000;
  for (int i = 0; i < kLines; ++i) outlet.put("line number " + std::to_string(i) + "\n");
  std::string seen;
  while (outlet.is_waiting()) {
    seen += read_all();
    outlet.flush();
  }
  seen += read_all();
  const auto shown = static_cast<std::uint64_t>(std::count(seen.begin(), seen.end(), '\n'));
  EXPECT_GT(outlet.dropped(), 0u);
  EXPECT_EQ(outlet.dropped() + shown, static_cast<std::uint64_t>(kLines));
  EXPECT_TRUE(seen.ends_with("line number 19999\n"));
}

TEST_F(OutletTest, AReaderThatIsGoneIsNotWaitedFor) {
  Outlet outlet(in.get(), 1000);
  out.reset();
  outlet.put("a line\n");
  EXPECT_TRUE(outlet.is_closed());
  EXPECT_FALSE(outlet.is_waiting());
}

}  // namespace
}  // namespace sealift::server
