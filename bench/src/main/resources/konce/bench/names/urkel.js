// Fills hsd's tree with names, and prints: bytes of the longest proof, proofs made per second, nanoseconds to check one.
'use strict';
const path = require('path');
const [, , hsd, count] = process.argv;
const {Tree} = require(path.join(hsd, 'node_modules', 'urkel'));
const crypto = require('crypto');
const {BLAKE2b} = require(path.join(hsd, 'node_modules', 'bcrypto'));

const size = Number(count);
const LOOKUPS = 5000;
const key = i => crypto.createHash('sha256').update('name-' + i).digest();

(async () => {
  const tree = new Tree({hash: BLAKE2b, bits: 256});
  await tree.open();
  for (let i = 0; i < size; i += 10000) {
    const batch = tree.batch();
    for (let j = i; j < Math.min(size, i + 10000); j++)
      await batch.insert(key(j), Buffer.alloc(100, j & 255));
    await batch.commit();
  }
  const snapshot = tree.snapshot();
  const root = snapshot.rootHash();
  const proofs = [];
  const begun = process.hrtime.bigint();
  for (let i = 0; i < LOOKUPS; i++)
    proofs.push(await snapshot.prove(key((i * 7919) % (2 * size))));
  const made = process.hrtime.bigint();
  let longest = 0;
  for (const proof of proofs)
    longest = Math.max(longest, proof.encode(BLAKE2b, 256).length);
  const checking = process.hrtime.bigint();
  for (let i = 0; i < LOOKUPS; i++) {
    const [code] = proofs[i].verify(root, key((i * 7919) % (2 * size)), BLAKE2b, 256);
    if (code !== 0)
      throw new Error('a proof is wrong: ' + code);
  }
  const checked = process.hrtime.bigint();
  const seconds = Number(made - begun) / 1e9;
  console.log(longest + ' ' + (LOOKUPS / seconds) + ' ' + Number(checked - checking) / LOOKUPS);
  await tree.close();
})().catch((e) => {
  console.error(e.stack);
  process.exit(1);
});
