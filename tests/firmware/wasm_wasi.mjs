// wasm_wasi.mjs MODULE - runs a program for WASI.
import { readFileSync } from 'fs';
import { WASI } from 'wasi';

const wasi = new WASI({ version: 'preview1', args: [process.argv[2]] });
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
