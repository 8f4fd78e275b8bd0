// How fast each format becomes text: from bytes in memory to frames, in one process.
#include <benchmark/benchmark.h>

#include "document/wire.h"
#include "readers/pack/pack_for_test.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

// Frames as the parent would get them, thrown away.
class FrameCounter final : public document::Sink {
 public:
  void begin_file(document::FileBegin begin) override { put(std::move(begin)); }
  void text(document::Text text) override { put(std::move(text)); }
  void table_rows(document::TableRows rows) override { put(std::move(rows)); }
  void mail_header(document::MailHeader header) override { put(std::move(header)); }
  void card(document::Card card) override { put(std::move(card)); }
  void end_file(document::FileEnd end) override { put(std::move(end)); }

 private:
  void put(const document::Event& event) {
    frames_.clear();
    document::append_frame(event, frames_);
    benchmark::DoNotOptimize(frames_.data());
  }
  base::Bytes frames_;
};

void read_often(benchmark::State& state, const std::string& bytes) {
  const Means means{recognise, nullptr, process_cpu_time};
  const extract::Request request{extract::Pass::documents, bytes.size(), "f", {}, {}};
  for (auto step : state) {
    FrameCounter sink;
    Context(sink, request, means).read_top(base::bytes_of(bytes));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

std::string row(int i, const char* separator) {
  std::string out;
  for (int column = 0; column < 12; ++column) {
    out += "value" + std::to_string(i * 37 + column) + (column < 11 ? separator : "\n");
  }
  return out;
}

std::string csv() {
  std::string out = row(0, ",");
  for (int i = 0; out.size() < (std::size_t{8} << 20); ++i) out += row(i, ",");
  return out;
}

std::string text() {
  std::string out;
  while (out.size() < (std::size_t{8} << 20)) {
    out += "The file stays open until the follow-up is complete; a reminder is sent before.\n";
  }
  return out;
}

std::string mail() {
  std::string out =
      "From: a@a.example\nTo: b@b.example\nSubject: s\nContent-Type: multipart/mixed; "
      "boundary=B\n\n"
      "--B\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
      "quoted-printable\n\n";
  for (int i = 0; i < 500; ++i)
    out += "Bonjour, voici la r=C3=A9ponse =C3=A0 votre question =\nsuite\n";
  out +=
      "--B\nContent-Disposition: attachment; filename=a.txt\nContent-Transfer-Encoding: base64\n\n";
  for (int i = 0; i < 20000; ++i)
    out += "VGhlIGZpbGUgc3RheXMgb3BlbiB1bnRpbCB0aGUgZm9sbG93LXVwIGlzIGRvbmUuCg==\n";
  return out + "--B--\n";
}

std::string xlsx() {
  std::string sheet = "<worksheet><sheetData>";
  for (int i = 1; i <= 20000; ++i) {
    const std::string r = std::to_string(i);
    sheet += "<row r=\"" + r + "\">";
    for (const char column : {'A', 'B', 'C', 'D', 'E', 'F'}) {
      const std::string address = column + r;
      sheet +=
          column < 'D'
              ? "<c r=\"" + address + "\" t=\"s\"><v>" + std::to_string(i * 7 % 900) + "</v></c>"
              : "<c r=\"" + address + "\"><v>" + std::to_string(i * 7919) + "</v></c>";
    }
    sheet += "</row>";
  }
  std::string strings = "<sst>";
  for (int i = 0; i < 900; ++i) strings += "<si><t>string " + std::to_string(i) + "</t></si>";
  return pack(
      Packing::zip,
      {{"[Content_Types].xml", "<Types/>"},
       {"xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" "
        "Target=\"worksheets/sheet1.xml\"/></Relationships>"},
       {"xl/sharedStrings.xml", strings + "</sst>"},
       {"xl/worksheets/sheet1.xml", sheet + "</sheetData></worksheet>"}});
}

std::string docx() {
  std::string body = "<w:document><w:body>";
  for (int i = 0; i < 20000; ++i) {
    body += "<w:p><w:pPr><w:spacing w:after=\"120\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Line " +
            std::to_string(i * 7919) + " of a letter</w:t></w:r></w:p>";
  }
  return pack(Packing::zip, {{"[Content_Types].xml", "<Types/>"},
                             {"word/document.xml", body + "</w:body></w:document>"}});
}

void read_csv(benchmark::State& state) { read_often(state, csv()); }
void read_plain_text(benchmark::State& state) { read_often(state, text()); }
void read_eml(benchmark::State& state) { read_often(state, mail()); }
void read_xlsx_packed(benchmark::State& state) { read_often(state, xlsx()); }
void read_docx_packed(benchmark::State& state) { read_often(state, docx()); }

BENCHMARK(read_csv);
BENCHMARK(read_plain_text);
BENCHMARK(read_eml);
BENCHMARK(read_xlsx_packed);
BENCHMARK(read_docx_packed);

}  // namespace
}  // namespace sealift::readers
