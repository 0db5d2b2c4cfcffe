"""cycles.py PROGRAM.elf PROGRAM.count CORE [--functions] - what the first marked region of a
run took: prints `instructions N cycles N`, and with --functions where.

Cycles are those of a model without wait states, never compared with silicon: what Arm's
manuals say of the instructions of a Cortex-M0, M3 or M4, and the refill after a branch that
was taken. A core without a model has `cycles -`.
"""
import collections
import re
import subprocess
import sys

REFILL = {'m0': 2, 'm3': 2, 'm4': 2}
REGISTER = {'sl': 10, 'fp': 11, 'ip': 12, 'sp': 13, 'lr': 14, 'pc': 15}


def read_counts(path):
    """How often each address ran and each branch was taken; an address that was translated
    several times has several lines."""
    ran, taken = collections.Counter(), collections.Counter()
    for line in open(path):
        word = line.split()
        if word[0] == 'pc':
            ran[int(word[1], 16)] += int(word[2])
        elif word[0] == 'taken':
            taken[int(word[1], 16)] += int(word[2])
    return ran, taken


def registers(operands):
    """The number of registers of a list {r0, r4-r7}."""
    found = re.search(r'\{(.*)\}', operands)
    n = 0
    for item in found.group(1).split(',') if found else ():
        ends = [REGISTER.get(r.strip()) or int(re.sub(r'\D', '', r)) for r in item.split('-')]
        n += ends[-1] - ends[0] + 1
    return n


def cost(core, name, operands, behind_access):
    """Cycles of an instruction, and whether it is a memory access: the next one of those
    then overlaps with it on a core with a pipelined bus."""
    pipelined = core != 'm0'
    if name.startswith(('ldm', 'stm', 'push', 'pop', 'vldm', 'vstm', 'vpush', 'vpop')):
        return 1 + registers(operands), True
    if name.startswith(('ldrd', 'strd')):
        return 3, True
    if name.startswith(('ldr', 'vldr')):
        return (1 if behind_access and pipelined else 2), True
    if name.startswith(('str', 'vstr')):
        return (1 if pipelined else 2), True
    if name.startswith(('sdiv', 'udiv')):
        return 7, False
    if core == 'm3' and name.startswith(('smull', 'umull', 'smlal', 'umlal')):
        return 5, False
    if core == 'm3' and name.startswith(('mla', 'mls')):
        return 2, False
    if core == 'm0' and name == 'bl':
        return 2, False
    return 1, False


def instructions(elf):
    """(function, address, mnemonic, operands) of a program, in order; function names stand
    alone before theirs."""
    lines = subprocess.run(['arm-none-eabi-objdump', '-d', elf], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    function = None
    for line in lines:
        head = re.match(r'[0-9a-f]+ <(.*)>:', line)
        if head:
            function = head.group(1)
            yield function, None, '', ''
        code = re.match(r'\s*([0-9a-f]+):\t[0-9a-f ]+\t(\S+)\s*(.*)', line)
        if code:
            name = re.sub(r'\.(n|w)$', '', code.group(2))
            yield function, int(code.group(1), 16), name, code.group(3)


def main():
    elf, counts, core = sys.argv[1:4]
    ran, taken = read_counts(counts)
    by_function = collections.defaultdict(lambda: [0, 0])
    behind_access = False
    total = sum(ran.values()) - 1  # less the mark itself
    if core not in REFILL:
        print('instructions', total, 'cycles -')
        return
    for function, address, name, operands in instructions(elf):
        if address is None:
            behind_access = False
            continue
        cycles, behind_access = cost(core, name, operands, behind_access)
        here = by_function[function]
        here[0] += ran[address]
        here[1] += ran[address] * cycles + taken[address] * REFILL[core]
    print('instructions', total, 'cycles', sum(c for _, c in by_function.values()) - 1)
    if '--functions' in sys.argv:
        for function, (n, cycles) in sorted(by_function.items(), key=lambda f: -f[1][1]):
            if n > 0:
                print('%12d %12d  %s' % (n, cycles, function))


main()
