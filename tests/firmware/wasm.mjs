// wasm.mjs MODULE NET INPUT_TYPE INPUT_LEN OUTPUT_LEN ARENA_BYTES [LOW HIGH] - what
// networks_main.c does, with the net in a bare module of WebAssembly: no WASI, no C library.
import { readFileSync } from 'fs';

const [path, net, type, inputs, outputs, arena, low, high] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
const { memory, __heap_base: base } = instance.exports;
const align = (at) => (at + 63) & ~63;
const floats = type === 'float';
const input = align(base.value);
const output = align(input + inputs * (floats ? 4 : 1));
const scratch = align(output + outputs * 4);
const missing = scratch + Number(arena) - memory.buffer.byteLength;
if (missing > 0) memory.grow(Math.ceil(missing / 65536));

for (let run = 0; run < 2; run++) {
    const given = new (floats ? Float32Array : Uint8Array)(memory.buffer, input, inputs);
    const step = Math.fround((high - low) / 256);
    let seed = run;
    for (let i = 0; i < inputs; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        given[i] = floats ? Math.fround(Number(low) + Math.fround(step * (seed >>> 24))) : seed >>> 24;
    }
    instance.exports[net](input, output, scratch);
    const got = new Uint32Array(memory.buffer, output, outputs);
    console.log([...got].map((word) => word.toString(16).padStart(8, '0')).join(' '));
}
