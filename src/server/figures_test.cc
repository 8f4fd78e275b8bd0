#include "server/figures.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sealift::server {
namespace {

using std::chrono::milliseconds;

TEST(FiguresTest, EachPathHasItsClass) {
  EXPECT_EQ(class_of_path("/api/v1/uploads/abc"), RequestClass::upload);
  EXPECT_EQ(class_of_path("/api/v1/openings/abc/parts/payload"), RequestClass::download);
  EXPECT_EQ(class_of_path("/api/v1/parcels"), RequestClass::api);
  EXPECT_EQ(class_of_path("/log/checkpoint"), RequestClass::log);
  EXPECT_EQ(class_of_path("/health/live"), RequestClass::watch);
  EXPECT_EQ(class_of_path("/metrics"), RequestClass::watch);
  EXPECT_EQ(class_of_path("/"), RequestClass::web);
  EXPECT_EQ(class_of_path(""), RequestClass::web);
}

TEST(FiguresTest, AnAnswerIsInTheFirstBucketThatHoldsItsTime) {
  const auto figures = Figures::make();
  ASSERT_TRUE(figures);
  FrontFigures& front = (*figures)->front();
  front.count(RequestClass::api, 200, milliseconds(0));
  front.count(RequestClass::api, 200, milliseconds(1));
  front.count(RequestClass::api, 503, milliseconds(2));
  front.count(RequestClass::api, 200, milliseconds(60'000));
  front.count(RequestClass::api, 200, milliseconds(60'001));
  const ClassFigures& api = front.classes[static_cast<std::size_t>(RequestClass::api)];
  EXPECT_EQ(api.by_status[200 - kStatusMin], 4u);
  EXPECT_EQ(api.by_status[503 - kStatusMin], 1u);
  EXPECT_EQ(api.by_latency[0], 2u);
  EXPECT_EQ(api.by_latency[1], 1u);
  EXPECT_EQ(api.by_latency[kLatencyBoundsMs.size() - 1], 1u);
  EXPECT_EQ(api.by_latency[kLatencyBoundsMs.size()], 1u);
  EXPECT_EQ(api.milliseconds, 120'004u);
}

TEST(FiguresTest, WhatAnotherProcessCountsIsSeen) {
  const auto figures = Figures::make();
  ASSERT_TRUE(figures);
  const pid_t child = ::fork();
  if (child == 0) {
    (*figures)->front().count(RequestClass::web, 404, milliseconds(3));
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ((*figures)->next_front, 1u);
  EXPECT_EQ((*figures)->fronts[0].classes[0].by_status[404 - kStatusMin], 1u);
}

TEST(FiguresTest, FrontsHaveStretchesOfTheirOwnForAsLongAsThereAreSome) {
  const auto figures = Figures::make();
  ASSERT_TRUE(figures);
  FrontFigures& first = (*figures)->front();
  EXPECT_NE(&first, &(*figures)->front());
  for (std::size_t i = 2; i < Figures::kFrontsMax; ++i) (*figures)->front();
  EXPECT_EQ(&first, &(*figures)->front());
}

}  // namespace
}  // namespace sealift::server
