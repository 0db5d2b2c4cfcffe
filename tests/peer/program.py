"""A compiled dl program behind ctypes: its header says what is in the structs."""
import ctypes
import os
import re
import subprocess

import numpy as np

C_TYPES = {'float': np.float32, 'uint8_t': np.uint8, 'uint16_t': np.uint16,
           'int32_t': np.int32}
TAIL = [('seed', ctypes.c_uint64), ('step', ctypes.c_uint32), ('epoch', ctypes.c_float),
        ('steps_per_epoch', ctypes.c_float), ('total_steps', ctypes.c_float),
        ('lr_scale', ctypes.c_float)]


class Program:
    """`text` compiled to C and that to a shared object. The program has a net `n` and a
    train block on its data; parameters are arrays by path, in the order of the struct."""

    def __init__(self, folder, name, text, target):
        self.name = name
        self.stem = os.path.join(folder, name)
        with open(self.stem + '.dl', 'w') as f:
            f.write(text)
        self.run([os.environ['DLC'], self.stem + '.dl', '--target=' + target, '-o',
                  self.stem + '.c'])
        files = [self.stem + '.c']
        if os.path.exists(self.stem + '_data.c'):
            files.append(self.stem + '_data.c')
        self.run(['cc', '-std=c11', '-O1', '-march=native', '-ffp-contract=off', '-shared',
                  '-fPIC', '-o', self.stem + '.so'] + files + ['-lm'])
        with open(self.stem + '.h') as f:
            self.header = f.read()
        self.lib = ctypes.CDLL(self.stem + '.so')
        self.shapes = {}  # member to (path, shape)
        self.read_structs()

    @staticmethod
    def run(command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(done.stdout.decode())

    def read_structs(self):
        self.structs = {}
        for body, name in re.findall(r'typedef struct \w+ \{\n(.*?)\n\} (\w+);', self.header,
                                     re.S):
            if not name.startswith(self.name):
                continue  # the thread team's
            fields = []
            for line in body.split('\n'):
                m = re.match(r' *float (\w+)(?:\[(\d+)\])?; */\* (\S+) \[(.*?)\] \*/', line)
                if m:
                    dims = [int(d) for d in m.group(4).split(',') if d.strip()]
                    self.shapes[m.group(1)] = (m.group(3), dims)
                    fields.append((m.group(1), ctypes.c_float * int(m.group(2) or 1)))
                    continue
                m = re.match(r' *unsigned char (\w+)\[(\d+)\];', line)
                if m:
                    fields.append((m.group(1), ctypes.c_char * int(m.group(2))))
                    continue
                m = re.match(r' *(\w+) (\w+);', line)
                kind = dict(TAIL).get(m.group(2)) or self.structs[m.group(1)]
                fields.append((m.group(2), kind))
            self.structs[name] = type(name, (ctypes.Structure,), {'_fields_': fields})

    def constant(self, name):
        return int(re.search(r'\b%s_%s = (\d+)' % (self.name.upper(), name), self.header)
                   .group(1))

    def struct(self, suffix):
        kind = self.structs['%s_%s' % (self.name, suffix)]
        buffer = ctypes.create_string_buffer(ctypes.sizeof(kind) + 64)
        return kind.from_buffer(buffer, -ctypes.addressof(buffer) % 64)

    def arrays(self, struct):
        """The tensors of a struct and of those inside it, as views by path."""
        out = {}
        for member, kind in struct._fields_:
            value = getattr(struct, member)
            if isinstance(value, ctypes.Structure):
                out.update(self.arrays(value))
            elif member in self.shapes:
                path, dims = self.shapes[member]
                out[path] = np.ctypeslib.as_array(value).reshape(dims)
        return out

    def arena(self, name):
        return ctypes.create_string_buffer(self.constant(name) + 64)

    @staticmethod
    def aligned(buffer):
        return ctypes.c_void_p((ctypes.addressof(buffer) + 63) // 64 * 64)

    def call(self, name, *arguments):
        pointers = []
        for a in arguments:
            if isinstance(a, np.ndarray):
                pointers.append(ctypes.c_void_p(a.ctypes.data))
            elif isinstance(a, ctypes.Structure):
                pointers.append(ctypes.byref(a))
            elif isinstance(a, ctypes.Array):
                pointers.append(self.aligned(a))
            else:
                pointers.append(a)
        if re.search(r'\b%s_%s\([^;]*team\);' % (self.name, name), self.header):
            pointers.append(None)
        getattr(self.lib, '%s_%s' % (self.name, name))(*pointers)
