#include "sealift/verbs.h"

#include "admin/admin.h"
#include "admin/serve.h"
#include "cli/verbs/account.h"
#include "cli/verbs/census.h"
#include "cli/verbs/doctor.h"
#include "cli/verbs/expiry.h"
#include "cli/verbs/keygen.h"
#include "cli/verbs/lockdown.h"
#include "cli/verbs/log.h"
#include "cli/verbs/login.h"
#include "cli/verbs/open.h"
#include "cli/verbs/organisation.h"
#include "cli/verbs/parcels.h"
#include "cli/verbs/people.h"
#include "cli/verbs/profile.h"
#include "cli/verbs/proposals.h"
#include "cli/verbs/receive.h"
#include "cli/verbs/recovery.h"
#include "cli/verbs/request.h"
#include "cli/verbs/seal.h"
#include "cli/verbs/send.h"
#include "cli/verbs/version.h"
#include "drill/drill.h"

namespace sealift {
namespace {

using namespace cli;  // the verbs' names alone

// clang-format off
constexpr cli::Verb kVerbs[] = {
    kServeVerb, kAdminVerb,
    kKeygenVerb, kSealVerb, kOpenVerb,
    kLoginVerb, kLogoutVerb, kWhoamiVerb, kPaperKeyVerb, kAccountVerb, kProfileVerb,
    kSendVerb, kInboxVerb, kOutboxVerb, kReceiveVerb, kRecallVerb, kExpiryVerb, kRecipientsVerb, kLinksVerb,
    kRequestVerb, kHandInVerb,
    kPeopleVerb, kPolicyVerb, kProposalsVerb, kOrganisationVerb, kLockdownVerb, kRecoveryVerb, kDrillVerb,
    kLogVerb,
    kCensusVerb,
    kDoctorVerb, kVersionVerb,
};
// clang-format on

}  // namespace

std::span<const cli::Verb> verbs() { return kVerbs; }

}  // namespace sealift
