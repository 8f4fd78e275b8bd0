#include "client/transfer/opening_note.h"

#include <gtest/gtest.h>

#include "base/said_for_test.h"
#include "base/temporary_folder.h"
#include "client/transfer/receive_parcel.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

OpeningNote example() {
  OpeningNote note;
  note.opening.bytes.fill(std::byte{7});
  note.ticket.text = std::string(43, 'A');
  note.server_half = base::Bytes(32, std::byte{9});
  note.manifest_bytes = 1000;
  note.content_bytes = 100'000;
  return note;
}

TEST(OpeningNoteTest, WhatIsKeptIsFoundAgainUntilItIsRemoved) {
  base::TemporaryFolder folder;
  const OpeningNotes notes(folder.path() + "/openings");
  const api::ParcelId parcel{};
  EXPECT_FALSE(notes.load(parcel).has_value());
  ASSERT_TRUE(notes.save(parcel, example()).has_value());
  const auto found = notes.load(parcel);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->text(), example().text());
  notes.remove(parcel);
  EXPECT_FALSE(notes.load(parcel).has_value());
}

TEST(OpeningNoteTest, AnyLineChangedOrMissingIsRefused) {
  const std::string good = example().text();
  ASSERT_TRUE(OpeningNote::parse(base::bytes_of(good)).has_value());
  std::vector<std::string> bad = {"", good + "\n", good.substr(0, good.size() - 1)};
  for (std::size_t at = 0; at < good.size(); at = good.find('\n', at) + 1) {
    std::string without = good;
    without.erase(at, good.find('\n', at) + 1 - at);
    bad.push_back(without);
    std::string longer = good;
    longer.insert(good.find('\n', at), "x");
    bad.push_back(longer);
  }
  for (const std::string& each : bad)
    EXPECT_EQ(base::said(OpeningNote::parse(base::bytes_of(each))),
              "malformed: this is not a note of an opening")
        << each;
}

TEST(OpeningNoteTest, TicketWithoutAPartOrWithHalfAHalfIsNotTaken) {
  api::Ticket ticket;
  ticket.ticket.text = std::string(43, 'A');
  EXPECT_FALSE(OpeningNote::of(ticket).has_value());
  ticket.parts = {{api::Part::manifest, 500}, {api::Part::content, 5000}};
  EXPECT_TRUE(OpeningNote::of(ticket).has_value());
  ticket.server_half = api::Base64{base::Bytes(31)};
  EXPECT_FALSE(OpeningNote::of(ticket).has_value());
}

TEST(ChooseEntriesTest, AFolderStandsForWhatIsInItAndNothingElse) {
  parcel::Manifest manifest;
  for (const char* path : {"a", "a/b", "a/b/c", "ab", "a.txt"})
    manifest.entries.push_back({{.path = parcel::EntryPath::parse(path).value()}, {}});
  using Wanted = std::vector<bool>;
  EXPECT_EQ(choose_entries(manifest, {}).value(), Wanted(5, true));
  EXPECT_EQ(choose_entries(manifest, {"a"}).value(), (Wanted{true, true, true, false, false}));
  EXPECT_EQ(choose_entries(manifest, {"a/b/"}).value(), (Wanted{false, true, true, false, false}));
  EXPECT_EQ(choose_entries(manifest, {"ab", "a.txt"}).value(),
            (Wanted{false, false, false, true, true}));
  for (const char* missing : {"", "b", "c", "a/b/c/d", "../a", "/a"})
    EXPECT_EQ(base::said(choose_entries(manifest, {missing})),
              "not_found: the parcel has no entry " + std::string(missing) +
                  ": --list shows those it has");
}

}  // namespace
}  // namespace sealift::client
