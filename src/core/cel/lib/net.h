#pragma once

#include "core/cel/function.h"
#include "core/cel/lib/ip.h"
#include "core/cel/value.h"

namespace pawl::cel::lib {

// Addresses and networks as values of expressions.
struct IpValue : Opaque {
  static const OpaqueClass kClass;
  Ip ip;
};
struct CidrValue : Opaque {
  static const OpaqueClass kClass;
  Cidr cidr;
};

// Kubernetes' libraries "kubernetes.net.ip" and "kubernetes.net.cidr".
// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library
void add_net(Registry& registry);

}  // namespace pawl::cel::lib
