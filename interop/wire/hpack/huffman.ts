/** Huffman-coded strings (RFC 7541, 5.2), four bits at a time. */
import { codeLengths, endOfString, makeCodes } from './huffman-table.ts';

/**
 * The code as a machine: a state for each inner node of its tree, 256 of them, and in each of them 16
 * ways to go on, one for each next four bits. No code is shorter than five bits, so that a way passes
 * one symbol at most. A way is a number: the next state, and above it the symbol and whether there is one.
 */
const ways = new Int32Array(256 * 16);
const symbolShift = 8;
const hasSymbol = 1 << 16;
/** It leads to EOS. RFC 7541, 5.2: "A Huffman-encoded string literal containing the EOS symbol MUST be treated as a decoding error." */
const dead = -1;

/**
 * States in which a string may end. RFC 7541, 5.2: padding is "the most-significant bits
 * of the code for the EOS symbol"; "A padding strictly longer than 7 bits MUST be treated as a decoding error."
 */
const mayEnd = new Uint8Array(256);

/** A child of an inner node: another one, by its number; or a symbol. */
type Child = { readonly node: number } | { readonly symbol: number };
type Tree = (Child | undefined)[][];

function makeTree(): Tree {
  const tree: Tree = [[]];
  for (const [symbol, code] of makeCodes().entries()) addTo(tree, code, codeLengths[symbol] ?? 0, symbol);
  return tree;
}

function addTo(tree: Tree, code: number, length: number, symbol: number): void {
  let node = 0;
  for (let bit = length - 1; bit > 0; bit--) node = childNode(tree, node, (code >>> bit) & 1);
  const children = tree[node];
  if (children) children[code & 1] = { symbol };
}

function childNode(tree: Tree, node: number, bit: number): number {
  const children = tree[node] ?? [];
  const there = children[bit];
  if (there && 'node' in there) return there.node;
  children[bit] = { node: tree.push([]) - 1 };
  return tree.length - 1;
}

/** Where four bits lead from a node. */
function wayFrom(tree: Tree, start: number, fourBits: number): number {
  let node = start;
  let passed = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = tree[node]?.[(fourBits >>> bit) & 1];
    if (!child) return dead;
    if ('node' in child) node = child.node;
    else if (child.symbol === endOfString) return dead;
    else [node, passed] = [0, hasSymbol | (child.symbol << symbolShift)];
  }
  return passed | node;
}

function build(): void {
  const tree = makeTree();
  for (let node = 0; node < 256; node++) {
    for (let bits = 0; bits < 16; bits++) ways[node * 16 + bits] = wayFrom(tree, node, bits);
  }
  // EOS is all ones: up to seven of them from the root.
  let node = 0;
  for (let count = 0; count <= 7; count++) {
    mayEnd[node] = 1;
    const next = tree[node]?.[1];
    if (next && 'node' in next) node = next.node;
  }
}

build();

/** Room for what is short, so that nothing is allocated for it. No code is shorter than five bits. */
const scratch = Buffer.alloc(4096);

function roomFor(codedBytes: number): Buffer {
  const bytes = Math.ceil((codedBytes * 8) / 5);
  return bytes <= scratch.length ? scratch : Buffer.allocUnsafe(bytes);
}

/** The string in the bytes from `start` to `end`, as Latin-1; undefined when they are none. */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | undefined {
  const out = roomFor(end - start);
  let length = 0;
  let state = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const high = ways[state * 16 + (byte >>> 4)] ?? dead;
    if (high === dead) return undefined;
    if (high & hasSymbol) out[length++] = high >>> symbolShift;
    const low = ways[(high & 0xff) * 16 + (byte & 15)] ?? dead;
    if (low === dead) return undefined;
    if (low & hasSymbol) out[length++] = low >>> symbolShift;
    state = low & 0xff;
  }
  return mayEnd[state] ? out.toString('latin1', 0, length) : undefined;
}
