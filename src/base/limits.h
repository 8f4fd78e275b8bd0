// Every limit on input in one place, by the room that judges with it. Units are in the names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sealift::limits {

// age: the specification sets none of these; a peer's largest header in use is a few KiB.
inline constexpr std::size_t kAgeHeaderSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kAgeHeaderLineSizeMax = std::size_t{16} << 10;
inline constexpr std::size_t kAgeStanzasMax = 1024;
// 2^18 (256 MiB) is what age and others write; a larger factor from a stranger only burns memory.
inline constexpr int kAgeScryptLogNMax = 22;
inline constexpr std::size_t kAgeArmorWhitespaceMax = 1024;
// More threads than this find nothing to do: memory is full at 10 GB/s a socket or less.
inline constexpr unsigned kAgeWorkersMax = 32;
inline constexpr std::size_t kPassphraseSizeMax = 1024;

// parcel: names inside a parcel. What Linux file systems can hold, and a depth that no tool chokes
// on.
inline constexpr std::size_t kEntryNameSizeMax = 255;
inline constexpr std::size_t kEntryPathSizeMax = 4096;
inline constexpr std::size_t kEntryPathDepthMax = 64;
inline constexpr std::size_t kParcelEntriesMax = 500'000;
inline constexpr std::size_t kParcelRecipientsMax = 1000;
inline constexpr std::size_t kAddressSizeMax = 254;  // RFC 5321 section 4.5.3.1.3, less "<" and ">"
inline constexpr std::size_t kNoteSizeMax = 16'384;
inline constexpr std::size_t kManifestSizeMax = std::size_t{256} << 20;

// Keys that people have for SSH. A larger modulus from a stranger only burns time.
inline constexpr int kRsaModulusBitsMin = 2048;
inline constexpr int kRsaModulusBitsMax = 16384;
inline constexpr std::size_t kIdentityFileSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kSshKeyWireSizeMax = std::size_t{16} << 10;
// ssh-keygen writes 16 or 24; each round takes some 10 ms.
inline constexpr std::uint32_t kSshKeyRoundsMax = 2048;
inline constexpr std::size_t kSshKeyFileSizeMax = std::size_t{64} << 10;

// http: a request's head (line and fields) and what stands in it. Browsers send under 2 KiB.
inline constexpr std::size_t kHttpHeadSizeMax = std::size_t{16} << 10;
inline constexpr std::size_t kHttpTargetSizeMax = std::size_t{2} << 10;
inline constexpr std::size_t kHttpFieldsMax = 64;
inline constexpr std::size_t kHttpHostSizeMax = 255;
inline constexpr std::size_t kHttpEntityTagsMax = 16;
// A digit more and the arithmetic on offsets would need care; 10^18 is a million terabytes.
inline constexpr std::uint64_t kHttpBodySizeMax = 1'000'000'000'000'000'000;
// The largest body there is: new headers for a parcel's content and manifest, each with a stanza
// for kParcelRecipientsMax recipients, in base64. A frame holds it (frame_channel.cc).
inline constexpr std::size_t kJsonBodySizeMax = std::size_t{384} << 10;
inline constexpr std::size_t kJsonDepthMax = 16;
inline constexpr std::size_t kTusMetadataSizeMax = std::size_t{4} << 10;
inline constexpr std::size_t kTusMetadataPairsMax = 16;

// client: what a server's answer may be, where it is held whole.
inline constexpr std::size_t kApiAnswerSizeMax = std::size_t{4} << 20;
inline constexpr std::size_t kServerUrlSizeMax = 512;

// front: what one process holds at once. 20,000 descriptors is a common hard limit.
inline constexpr std::size_t kFrontConnectionsMax = 16'000;
inline constexpr std::size_t kFrontConnectionsPerAddressMax = 2'000;
// A refused request's body is read and dropped up to here; past it the connection is closed.
inline constexpr std::uint64_t kFrontDiscardSizeMax = std::uint64_t{64} << 10;

inline constexpr std::int64_t kPemSizeMax = std::int64_t{1} << 20;
// Frames between the roles: what is larger goes as a descriptor.
inline constexpr std::size_t kFrameBodySizeMax = std::size_t{128} << 10;
inline constexpr std::size_t kFrameSizeMax = kJsonBodySizeMax + 4096;

// document: one frame from a reader to its parent. Readers cut texts and tables far below it.
inline constexpr std::size_t kDocumentFrameSizeMax = std::size_t{16} << 20;

// readers: what one file of a pile may cost, with everything nested in it.
inline constexpr std::size_t kArchiveDepthMax = 24;
inline constexpr std::uint32_t kArchiveMembersMax = 1'000'000;
// A member is read in memory; the largest files people pack are disk images and mail folders.
inline constexpr std::uint64_t kMemberSizeMax = std::uint64_t{256} << 20;
// Real archives unpack to less than 20 times their size, logs to 100 times.
inline constexpr std::uint64_t kUnpackedFreely = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kUnpackedRatioMax = 100;
// A reader stops by itself at the first, and is stopped from outside at the second.
inline constexpr std::uint64_t kFileCpuSecondsMax = 20;
inline constexpr std::uint64_t kFileWaitSecondsMax = 30;
inline constexpr std::uint64_t kReaderMemoryMax = std::uint64_t{1} << 30;
// How texts and tables are cut into frames.
inline constexpr std::size_t kTextPieceSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kTablePieceSizeMax = std::size_t{256} << 10;
inline constexpr std::size_t kTablePieceRowsMax = 512;
inline constexpr std::size_t kCellSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kRowCellsMax = 16384;
inline constexpr std::size_t kMemberNameSizeMax = 4096;
// A card keeps far below a frame: a patient with every visit of a life has some hundred facts.
inline constexpr std::size_t kCardFactsMax = 2000;
inline constexpr std::size_t kCardValueSizeMax = std::size_t{4} << 10;
// 100 bytes a node: a document of 10 MB has some 300,000.
inline constexpr std::size_t kTreeNodesMax = 2'000'000;
// Rows of other tables that are held, so that keys can be followed to them.
inline constexpr std::size_t kJoinedBytesMax = std::size_t{192} << 20;
inline constexpr std::size_t kJoinedColumnsMax = 64;
inline constexpr std::size_t kDatabaseTablesMax = 4096;

// vault: with less room than this on the disk no new upload is begun, and the server isn't ready:
// the catalog and the log need some to go on.
inline constexpr std::uint64_t kFreeSpaceMin = std::uint64_t{64} << 20;

// store: 16 TiB, the largest file of ext4; S3 stops at 5 TiB, which its store judges itself.
inline constexpr std::uint64_t kBlobSizeMax = std::uint64_t{1} << 44;

// log: an entry's length has 16 bits; notes leave room for 16 post-quantum signatures and more.
inline constexpr std::size_t kLogEntrySizeMax = 65535;
inline constexpr std::size_t kLogBatchEntriesMax = 4096;
inline constexpr std::size_t kLogNoteSizeMax = std::size_t{256} << 10;
inline constexpr std::size_t kLogNoteSignaturesMax = 64;
inline constexpr std::size_t kLogKeyNameSizeMax = 255;
inline constexpr std::size_t kLogExtraSizeMax = std::size_t{64} << 10;
// 2^62 leaves: sums of indexes and sizes cannot wrap.
inline constexpr std::uint64_t kLogTreeSizeMax = std::uint64_t{1} << 62;

// accounts: what one of them may have. An age file of a few recipients has some KiB.
inline constexpr std::size_t kSlotFileSizeMax = std::size_t{64} << 10;
inline constexpr std::size_t kSlotsPerAccountMax = 32;
inline constexpr std::uint64_t kKeyGenerationsMax = 1000;
// Lists that are answered whole.
inline constexpr std::size_t kEnrolmentsMax = 10'000;
inline constexpr std::size_t kRecoveriesMax = 1000;
inline constexpr std::size_t kSessionsPerAccountMax = 500;
inline constexpr std::size_t kRecoveryOfficersMax = 32;

// census: text of one file that is held before it is understood as a whole.
inline constexpr std::size_t kCensusTextHeldMax = std::size_t{8} << 20;
// What would cost the square of a file's size without an end. Forms and mails name fewer people who
// have to do with each other; prose comes back to people named not long before; nobody has more
// values in one text.
inline constexpr std::size_t kCensusRelatedMax = 256;
inline constexpr std::size_t kCensusPeopleRecalledMax = 1000;
inline constexpr std::size_t kCensusMentionsBackMax = 500;
inline constexpr std::size_t kCensusPersonValuesMax = 2000;

}  // namespace sealift::limits
