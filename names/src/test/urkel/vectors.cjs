// Roots of npm's urkel over the changes that TrieTest makes. See README.md beside this.
'use strict';

const {blake2bInit, blake2bUpdate, blake2bFinal} = require('blakejs');
const {Tree} = require('urkel');

class Blake2b256 {
  init() { this.state = blake2bInit(32); return this; }
  update(data) { blake2bUpdate(this.state, data); return this; }
  final() { return Buffer.from(blake2bFinal(this.state)); }
}

const hash = {
  size: 32,
  bits: 256,
  zero: Buffer.alloc(32),
  ctx: new Blake2b256(),
  digest: (data) => new Blake2b256().init().update(data).final(),
  multi(...parts) {
    const ctx = new Blake2b256().init();
    for (const part of parts) if (part) ctx.update(part);
    return ctx.final();
  }
};

const MASK = (1n << 64n) - 1n;

function eightBytes(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

async function main() {
  const tree = new Tree({hash, bits: 256});
  await tree.open();
  let state = 1n;
  for (let round = 0; round < 100; round++) {
    const batch = tree.batch();
    for (let i = 0; i < 1000; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) & MASK;
      const key = hash.digest(eightBytes((state >> 33n) & 0x3fffn));
      if ((state >> 60n) < 5n) await batch.remove(key);
      else await batch.insert(key, eightBytes(state));
    }
    const root = await batch.commit();
    console.log(`1000 ${root.toString('hex')}`);
  }
  await tree.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
