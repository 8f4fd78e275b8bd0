// The mailer role's process: takes letters from the vault, writes them, and hands them to the one
// mail server. It parses nothing of strangers, has no files once it runs, and may connect to that
// server's port and to name servers alone. One thread.
#pragma once

#include "base/file_descriptor.h"
#include "server/mailer/letter.h"
#include "server/mailer/smtp.h"

namespace sealift::server {

struct MailerPlan {
  SmtpSettings smtp;
  LetterHead head;
};

// Confines itself, proves it, and sends until the control socket closes or the vault is gone.
// Gives the process's exit status: 0 finished, 1 something failed, kExitNotConfined.
int run_mailer(const MailerPlan& plan, base::FileDescriptor to_vault, base::FileDescriptor control);

}  // namespace sealift::server
