#pragma once

#include "api/arguments.h"
#include "api/service.h"
#include "api/verb.h"

namespace pawl::api {

// The one table of the service's verbs, in the order of the help: calls `visit(verb, &Service::function)` for each. The
// command line is made of it; a server's routes and their description can be.
template <class Visit>
void visit_verbs(Visit&& visit) {
  using enum Group;
  using enum Effect;
  visit(Verb{"init", kStart, kChanges, "write a first pawl.yaml, keys and store", "pawl init\npawl init --dry-run"},
        &Service::init);
  visit(Verb{"status", kStart, kLooks, "what is where, and what to do next: the home page",
             "pawl status\npawl status --no-drift -o json"},
        &Service::status);
  visit(Verb{"doctor", kStart, kLooks, "look for what is wrong here", "pawl doctor"}, &Service::doctor);

  visit(Verb{"lock", kBuild, kChanges, "resolve every source and image to a digest",
             "pawl lock\npawl lock --check\npawl lock --update redis:7.4"},
        &Service::lock);
  visit(Verb{"render", kBuild, kLooks, "print what one environment would get",
             "pawl render staging\npawl render staging --explain"},
        &Service::render);
  visit(Verb{"release", kBuild, kChanges, "cut an immutable release: a bundle for every environment",
             "pawl release 1.4.0 -m \"faster cache\""},
        &Service::release);
  visit(
      Verb{"reproduce", kBuild, kLooks, "render a release again from its snapshot and compare", "pawl reproduce 1.4.0"},
      &Service::reproduce);

  visit(Verb{"plan", kChange, kLooks, "what a promotion would change, and every gate's answer",
             "pawl plan --to staging\npawl plan 1.4.0 --to production --layer web"},
        &Service::plan);
  visit(Verb{"promote", kChange, kChanges, "move a release into an environment",
             "pawl promote --to dev\npawl promote 1.4.0 --to staging --reason \"friday release\"\npawl promote --to "
             "production --wait --timeout 1h"},
        &Service::promote);
  visit(Verb{"approve", kChange, kChanges, "say yes to a waiting promotion, signed with your key",
             "pawl approve 42 --comment \"looked at the plan\"\npawl approve production --expires 8h\npawl approve "
             "--request request.json > approval.json\npawl approve --import approval.json"},
        &Service::approve);
  visit(Verb{"reject", kChange, kChanges, "say no to a waiting promotion, which ends it",
             "pawl reject 42 --comment \"not on a friday\""},
        &Service::reject);
  visit(Verb{"approvals", kUnderstand, kLooks, "what waits for approvals, and which of them count",
             "pawl approvals\npawl approvals 42\npawl approvals 42 --export > request.json"},
        &Service::approvals);
  visit(Verb{"attest", kChange, kChanges, "sign a statement about a release, or bring in what others signed",
             "pawl attest 1.4.0 --in production --type https://in-toto.io/attestation/test-result/v0.1 --predicate "
             "result.json\npawl attest 1.4.0 --in production --import bundle.json\npawl attest 1.4.0 --list"},
        &Service::attest);
  visit(
      Verb{"rollback", kChange, kChanges, "go back to an earlier bundle, byte for byte",
           "pawl rollback production --reason latency\npawl rollback production --to 1.3.2 --reason \"lost sessions\""},
      &Service::rollback);
  visit(Verb{"reconcile", kChange, kChanges, "restore what was changed by hand", "pawl reconcile production"},
        &Service::reconcile);
  visit(Verb{"retry", kChange, kChanges, "another attempt of the latest promotion", "pawl retry staging"},
        &Service::retry);
  visit(Verb{"abort", kChange, kChanges, "end the open promotion (asks; --yes)",
             "pawl abort staging --reason \"wrong release\" --yes"},
        &Service::abort);
  visit(Verb{"apply", kChange, kChanges, "bring a changed configuration into force",
             "pawl apply --dry-run\npawl apply --reason \"two approvers\""},
        &Service::apply);

  visit(Verb{"why", kUnderstand, kLooks, "every gate for a release and an environment, and who can unblock it",
             "pawl why 1.4.0 production"},
        &Service::why);
  visit(Verb{"diff", kUnderstand, kLooks, "compare environments, releases, bundles and what is live",
             "pawl diff staging production\npawl diff staging live:staging\npawl diff 1.3.2@staging 1.4.0@staging"},
        &Service::diff);
  visit(Verb{"drift", kUnderstand, kLooks, "what differs from the head at the target",
             "pawl drift production\npawl drift"},
        &Service::drift);
  visit(Verb{"history", kUnderstand, kLooks, "what was in an environment, and when", "pawl history production"},
        &Service::history);
  visit(Verb{"get", kUnderstand, kLooks, "list releases, environments or promotions",
             "pawl get releases\npawl get promotions --limit 5 -o json"},
        &Service::get);
  visit(Verb{"describe", kUnderstand, kLooks, "all about one promotion, release or environment",
             "pawl describe promotion 3\npawl describe release 1.4.0"},
        &Service::describe);
  visit(Verb{"verify", kUnderstand, kLooks, "check a release: signatures and every byte", "pawl verify 1.4.0"},
        &Service::verify);

  visit(Verb{"serve", kOperate, kChanges,
             "drive what waits, and take releases into environments with autoPromote, once", "pawl serve --once"},
        &Service::serve);
  visit(Verb{"hold", kOperate, kChanges, "stop automatic promotion, or let it go on",
             "pawl hold production --reason \"freeze\"\npawl hold production --off"},
        &Service::hold);
  visit(Verb{"exception ask", kOperate, kChanges, "ask to depart from a policy, for a time and a reason",
             "pawl exception ask replicas --in production --object \"shop/Deployment/web\" --reason \"black friday\" "
             "--ticket OPS-12 --until 7d"},
        &Service::exception_ask);
  visit(Verb{"exception approve", kOperate, kChanges, "agree to an exception, signed with your key",
             "pawl exception approve 3 --comment \"until the cache is back\"\npawl exception approve --request "
             "request.json > "
             "answer.json\npawl exception approve --import answer.json"},
        &Service::exception_approve);
  visit(Verb{"exception reject", kOperate, kChanges, "say no to an exception, for good",
             "pawl exception reject 3 --comment \"mend it instead\""},
        &Service::exception_reject);
  visit(Verb{"exception withdraw", kOperate, kChanges, "end an exception before its time",
             "pawl exception withdraw 3 --reason \"mended\""},
        &Service::exception_withdraw);
  visit(Verb{"exception list", kUnderstand, kLooks, "who departs from which policy, and whether that holds",
             "pawl exception list\npawl exception list production\npawl exception list 3 --export > request.json"},
        &Service::exception_list);
  visit(Verb{"freeze", kOperate, kChanges, "stop every promotion for a time: an emergency stop",
             "pawl freeze production --reason \"incident 12\" --until 4h\npawl freeze --all --reason holidays --until "
             "2027-01-02T08:00:00Z\npawl freeze production --off"},
        &Service::freeze);
  visit(Verb{"audit log", kOperate, kLooks, "what happened, in order",
             "pawl audit log\npawl audit log --environment production --limit 10"},
        &Service::audit_log);
  visit(Verb{"audit verify", kOperate, kLooks, "check every entry, tile and blob",
             "pawl audit verify --replay\npawl audit verify --against checkpoint.txt"},
        &Service::audit_verify);
}

}  // namespace pawl::api
