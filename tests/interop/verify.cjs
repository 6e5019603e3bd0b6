// Verifies records with npm's @sigstore/verify, by public key. usage: verify.cjs MODULES-FOLDER
// Standard input: {"keys": {HINT: base64 of a SubjectPublicKeyInfo}, "records": [text of a Sigstore bundle, ...]}
// Standard output: a list with null for each record that was accepted, and for others the reason.
"use strict";
const path = require("path");
const { createRequire } = require("module");
const load = createRequire(path.join(path.resolve(process.argv[2]), "node_modules", "x.js"));
const { bundleFromJSON } = load("@sigstore/bundle");
const { PublicKeyDetails } = load("@sigstore/protobuf-specs");
const { Verifier, toSignedEntity, toTrustMaterial } = load("@sigstore/verify");

// Keys are known by their own names alone: no certificate authority, no log, no timestamp authority is trusted.
function verifierFor(keys) {
  const root = { mediaType: "", certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
  const known = {};
  for (const [hint, der] of Object.entries(keys)) {
    known[hint] = { rawBytes: Buffer.from(der, "base64"), keyDetails: PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED };
  }
  return new Verifier(toTrustMaterial(root, known), { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 });
}

function refusal(verifier, record) {
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(record))));
    return null;
  } catch (error) {
    return `${error.code || error.name}: ${error.message}`;
  }
}

const request = JSON.parse(require("fs").readFileSync(0, "utf8"));
const verifier = verifierFor(request.keys);
process.stdout.write(JSON.stringify(request.records.map((record) => refusal(verifier, record))) + "\n");
