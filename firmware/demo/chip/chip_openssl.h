// SPDX-License-Identifier: EUPL-1.2
//
// OpenSSL's headers, whose ERR_STATE is a type and not ours.
#ifndef INLOOP_DEMO_CHIP_OPENSSL_H
#define INLOOP_DEMO_CHIP_OPENSSL_H

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#endif
