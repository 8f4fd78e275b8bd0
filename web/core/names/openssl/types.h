// The one name of OpenSSL's that crypto/sha256.h uses, for this build, which has no OpenSSL.
#pragma once

typedef struct evp_md_ctx_st EVP_MD_CTX;
