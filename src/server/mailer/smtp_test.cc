// Against a real mail server (tests/mail/smtp_server.py, aiosmtpd): plain, with STARTTLS, with TLS.
#include "server/mailer/smtp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/base64.h"
#include "base/temporary_folder.h"
#include "server/mailer/letter.h"
#include "server/mailer/process.h"
#include "server/sandbox/sanitizer.h"
#include "server/supervisor/supervisor.h"

extern char** environ;

namespace sealift::server {
namespace {

using base::FileDescriptor;
using nlohmann::json;

pid_t spawn(std::vector<std::string> words, int input, int output) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = -1;
  const int error =
      posix_spawn(&child, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? child : -1;
}

class MailServer {
 public:
  explicit MailServer(const std::vector<std::string>& flags) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) std::abort();
    const FileDescriptor child_in(in[0]);
    const FileDescriptor child_out(out[1]);
    input_ = FileDescriptor(in[1]);
    output_ = FileDescriptor(out[0]);
    // Debian's own Python: the mail server is a package of Debian's.
    std::vector<std::string> words = {
        "/usr/bin/python3",
        std::string(std::getenv("SEALIFT_SOURCE_DIR")) + "/tests/mail/smtp_server.py"};
    words.insert(words.end(), flags.begin(), flags.end());
    child_ = spawn(std::move(words), child_in.get(), child_out.get());
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;
  ~MailServer() {
    input_.reset();
    if (child_ > 0) ::waitpid(child_, nullptr, 0);
  }

  std::uint16_t port() {
    const std::string text = line();
    if (!text.starts_with("port ")) return 0;
    return static_cast<std::uint16_t>(std::stoi(text.substr(5)));
  }
  json message() { return json::parse(line()); }
  bool has_more() const {
    pollfd wait{output_.get(), POLLIN, 0};
    return ::poll(&wait, 1, 0) > 0;
  }

 private:
  std::string line() {
    std::string text;
    for (char c = 0; ::read(output_.get(), &c, 1) == 1 && c != '\n';) text += c;
    return text;
  }

  FileDescriptor input_, output_;
  pid_t child_ = -1;
};

parcel::Address address(std::string_view text) { return *parcel::Address::parse(text); }

const std::string kMessage = "Subject: x\r\n\r\nfirst\r\n.dotted\r\nlast\r\n";

class SmtpTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

  // A certificate of its own for 127.0.0.1, and the flags that give it to the server.
  std::vector<std::string> with_certificate(const std::string& mode) const {
    const pid_t child = spawn(
        {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mail", "-addext",
         "subjectAltName=IP:127.0.0.1", "-out", path("cert.pem"), "-keyout", path("key.pem")},
        -1, -1);
    int status = -1;
    ::waitpid(child, &status, 0);
    if (status != 0) return {};
    return {"--tls", mode, "--certificate", path("cert.pem"), "--key", path("key.pem")};
  }
  void write_password(std::string_view password) const {
    std::ofstream(path("password")) << password << "\n";
  }
  static MailOutcome send(Smtp& smtp, std::string_view to) {
    return smtp.send(address("sealift@region.example"), address(to), kMessage);
  }

  const base::TemporaryFolder folder_;
};

TEST_F(SmtpTest, ManyMessagesGoOverOneConnection) {
  MailServer server({});
  auto smtp =
      Smtp::create({.host = "127.0.0.1", .port = server.port(), .security = SmtpSecurity::none});
  ASSERT_TRUE(smtp);
  std::set<int> client_ports;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::sent);
    const json got = server.message();
    client_ports.insert(got["client_port"].get<int>());
    EXPECT_EQ(got["from"], "sealift@region.example");
    EXPECT_EQ(got["to"], json::array({"lea@region.example"}));
    EXPECT_EQ(got["hello"], "region.example");
    EXPECT_EQ(base::text_of(
                  *base::base64_decode(got["message"].get<std::string>(), base::Padding::required)),
              kMessage);
  }
  EXPECT_EQ(client_ports.size(), 1U);
}

TEST_F(SmtpTest, AMailboxThatIsNotThereIsRefusedAndABusyOneIsForLater) {
  MailServer server({});
  auto smtp =
      Smtp::create({.host = "localhost", .port = server.port(), .security = SmtpSecurity::none});
  ASSERT_TRUE(smtp);
  EXPECT_EQ(send(**smtp, "refused@region.example"), MailOutcome::refused);
  EXPECT_EQ(send(**smtp, "busy@region.example"), MailOutcome::later);
  EXPECT_FALSE(server.has_more());
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::sent) << "the next one goes";
}

TEST_F(SmtpTest, NoServerMeansLater) {
  std::uint16_t port = 0;
  {
    MailServer server({});
    port = server.port();
  }
  auto smtp = Smtp::create({.host = "127.0.0.1", .port = port, .security = SmtpSecurity::none});
  ASSERT_TRUE(smtp);
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::later);
  EXPECT_EQ((*smtp)->reach(address("sealift@region.example")), MailReach::no_answer);
}

TEST_F(SmtpTest, StartTlsAndLogin) {
  auto flags = with_certificate("starttls");
  ASSERT_FALSE(flags.empty());
  flags.insert(flags.end(), {"--user", "sealift", "--password", "a secret"});
  MailServer server(flags);
  write_password("a secret");
  SmtpSettings settings{.host = "127.0.0.1",
                        .port = server.port(),
                        .security = SmtpSecurity::start_tls,
                        .user = "sealift",
                        .password_path = path("password"),
                        .certificates_path = path("cert.pem")};
  auto smtp = Smtp::create(settings);
  ASSERT_TRUE(smtp) << smtp.error().text;
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::sent);
  const json got = server.message();
  EXPECT_EQ(got["user"], "sealift");
  EXPECT_EQ(got["tls"], true);
  EXPECT_EQ((*smtp)->reach(address("sealift@region.example")), MailReach::good);
  write_password("another");
  smtp = Smtp::create(settings);
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::later) << "the login is wrong";
  EXPECT_EQ((*smtp)->reach(address("sealift@region.example")), MailReach::login_refused);
  EXPECT_FALSE(server.has_more());
}

TEST_F(SmtpTest, TlsFromTheFirstByte) {
  const auto flags = with_certificate("tls");
  ASSERT_FALSE(flags.empty());
  MailServer server(flags);
  SmtpSettings settings{.host = "127.0.0.1",
                        .port = server.port(),
                        .security = SmtpSecurity::tls,
                        .certificates_path = path("cert.pem")};
  auto smtp = Smtp::create(settings);
  ASSERT_TRUE(smtp);
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::sent);
  EXPECT_EQ(server.message()["tls"], true);
  settings.certificates_path.clear();  // the system vouches for no such server
  smtp = Smtp::create(settings);
  ASSERT_TRUE(smtp);
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::later);
  EXPECT_EQ((*smtp)->reach(address("sealift@region.example")), MailReach::unproved);
  EXPECT_FALSE(server.has_more());
}

TEST_F(SmtpTest, AServerWithoutStartTlsGetsNothing) {
  MailServer server({});
  ASSERT_FALSE(with_certificate("starttls").empty());
  auto smtp = Smtp::create({.host = "127.0.0.1",
                            .port = server.port(),
                            .security = SmtpSecurity::start_tls,
                            .certificates_path = path("cert.pem")});
  ASSERT_TRUE(smtp);
  EXPECT_EQ(send(**smtp, "lea@region.example"), MailOutcome::later);
  EXPECT_EQ((*smtp)->reach(address("sealift@region.example")), MailReach::no_tls);
  EXPECT_FALSE(server.has_more());
}

TEST_F(SmtpTest, SettingsThatMakeNoSenseAreRefused) {
  using base::ErrorCode;
  const auto code_of = [](const SmtpSettings& settings) {
    const auto made = Smtp::create(settings);
    return made ? ErrorCode::internal : made.error().code;
  };
  EXPECT_EQ(code_of({.host = "mail.example", .security = SmtpSecurity::none}), ErrorCode::usage);
  EXPECT_EQ(code_of({.host = "a b"}), ErrorCode::usage);
  EXPECT_EQ(code_of({.host = "a/b"}), ErrorCode::usage);
  EXPECT_EQ(code_of({.host = ""}), ErrorCode::usage);
  EXPECT_EQ(code_of({.host = "mail.example", .certificates_path = path("none")}),
            ErrorCode::not_found);
  EXPECT_EQ(code_of({.host = "mail.example", .user = "x", .password_path = path("none")}),
            ErrorCode::not_found);
}

// The whole role, confined, in a process of its own.
TEST_F(SmtpTest, TheMailerSendsWhatTheVaultPostsAndEndsWithItsControl) {
  if (kIsSanitized) GTEST_SKIP() << "the sanitizer needs calls that a role has no use for";
  MailServer server({});
  const MailerPlan plan{
      {.host = "localhost", .port = server.port(), .security = SmtpSecurity::none},
      {address("sealift@region.example"), "https://files.example"}};
  std::array<int, 2> vault{};
  std::array<int, 2> control{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, vault.data()), 0);
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(vault[0]);
    ::close(control[0]);
    ::_exit(run_mailer(plan, FileDescriptor(vault[1]), FileDescriptor(control[1])));
  }
  ::close(vault[1]);
  ::close(control[1]);
  const FileDescriptor to_mailer(vault[0]);
  FileDescriptor end(control[0]);
  for (const auto& [to, outcome] : {std::pair("lea@region.example", MailOutcome::sent),
                                    std::pair("refused@region.example", MailOutcome::refused)}) {
    const PostFrame post{.mail = {{std::byte{7}}}, .details = {address(to)}};
    const base::Bytes frame = encode_post(post);
    ASSERT_GT(::send(to_mailer.get(), frame.data(), frame.size(), 0), 0);
    std::array<std::byte, 64> answer{};
    const ssize_t size = ::recv(to_mailer.get(), answer.data(), answer.size(), 0);
    ASSERT_GT(size, 0);
    const auto got = decode_outcome(base::ByteView(answer).first(static_cast<std::size_t>(size)));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->mail, post.mail);
    EXPECT_EQ(got->outcome, outcome) << to;
  }
  EXPECT_EQ(server.message()["to"], json::array({"lea@region.example"}));
  end.reset();
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace sealift::server
