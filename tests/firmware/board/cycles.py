"""cycles.py PROGRAM.elf PROGRAM.count CORE [--functions] - what the first marked region of a
run took: prints `instructions N cycles N`, and with --functions where.

Cycles are those of models without wait states, never compared with silicon. CORES says what
each is made of:

  m0 m3 m4  the tables of instruction timing in Arm's technical reference manuals
  m33       the M4's: Arm prints no table for it, its pipeline has three stages too; that it
            pairs some 16-bit instructions is left out
  m7        one instruction at a time on a pipeline of six stages with branch prediction: loads
            that nothing waits for, branches that were foreseen. Dual issue is left out, so
            this is a bound from above
  m55       the same, and two beats of 32 bits a cycle for a vector (Arm's guide to Helium):
            two cycles for each vector instruction, overlap of loads with arithmetic left out;
            an end of a low-overhead loop is free
  rv32      Ibex with the fast multiplier (its documentation's table of the pipeline): 2 for
            memory, 3 for mul and 4 for mulh, 37 for division, a taken branch 3, a jump 2
"""
import collections
import re
import subprocess
import sys

Core = collections.namedtuple('Core', 'tools load behind refill multiply long_multiply divide')
# behind: a memory access right after another; refill: what a taken branch costs more
CORES = {
    'm0': Core('arm-none-eabi', 2, 2, 2, 1, 1, 0),
    'm3': Core('arm-none-eabi', 2, 1, 2, 2, 5, 7),
    'm4': Core('arm-none-eabi', 2, 1, 2, 1, 1, 7),
    'm7': Core('arm-none-eabi', 1, 1, 1, 1, 1, 7),
    'm33': Core('arm-none-eabi', 2, 1, 2, 1, 1, 7),
    'm55': Core('arm-none-eabi', 1, 1, 1, 1, 1, 7),
    'rv32': Core('riscv64-unknown-elf', 2, 2, 2, 3, 4, 37),
}
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


def arm_cost(core, name, operands, behind_access):
    """Cycles of an instruction, and whether it is a memory access: the next one of those
    then overlaps with it on a core with a pipelined bus."""
    of = CORES[core]
    if name.startswith(('ldm', 'stm', 'push', 'pop', 'vldm', 'vstm', 'vpush', 'vpop')):
        return 1 + registers(operands), True
    if name.startswith(('ldrd', 'strd')):
        return 1 + of.load, True
    if core == 'm55' and is_vector(name, operands):
        return 2, name.startswith(('ldc', 'stc', 'vldr', 'vstr'))
    if name.startswith(('ldr', 'vldr')):
        return (of.behind if behind_access else of.load), True
    if name.startswith(('str', 'vstr')):
        return of.behind, True
    if name.startswith(('sdiv', 'udiv')):
        return of.divide, False
    if name.startswith(('smull', 'umull', 'smlal', 'umlal')):
        return of.long_multiply, False
    if name.startswith(('mla', 'mls')):
        return of.multiply, False
    if core == 'm0' and name == 'bl':
        return 2, False
    return (0 if name in ('le', 'letp') else 1), False


def is_vector(name, operands):
    """Of the M-profile vector extension: objdump takes some of it for a coprocessor's."""
    return name.startswith(('ldc', 'stc', 'cdp')) or bool(re.search(r'\bq[0-7]\b', operands))


def riscv_cost(core, name, operands, behind_access):
    of = CORES[core]
    if re.match(r'(c\.)?(lb|lh|lw|lbu|lhu|sb|sh|sw|lwsp|swsp)$', name):
        return of.load, False
    if name.startswith('mulh'):
        return of.long_multiply, False
    if name == 'mul':
        return of.multiply, False
    if name.startswith(('div', 'rem')):
        return of.divide, False
    return (2 if name in ('j', 'jal', 'jr', 'jalr', 'ret', 'call') else 1), False


def refill(core, name):
    """What a taken branch costs beside its instruction."""
    if core == 'rv32':  # jumps have it in their own figure
        return CORES[core].refill if name.startswith('b') else 0
    return 0 if name in ('le', 'letp') else CORES[core].refill


def instructions(elf, tools):
    """(function, address, mnemonic, operands) of a program, in order; function names stand
    alone before theirs."""
    lines = subprocess.run([tools + '-objdump', '-d', elf], check=True,
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
    cost = riscv_cost if core == 'rv32' else arm_cost
    for function, address, name, operands in instructions(elf, CORES[core].tools):
        if address is None:
            behind_access = False
            continue
        cycles, behind_access = cost(core, name, operands, behind_access)
        here = by_function[function]
        here[0] += ran[address]
        here[1] += ran[address] * cycles + taken[address] * refill(core, name)
    print('instructions', total, 'cycles', sum(c for _, c in by_function.values()) - 1)
    if '--functions' in sys.argv:
        for function, (n, cycles) in sorted(by_function.items(), key=lambda f: -f[1][1]):
            if n > 0:
                print('%12d %12d  %s' % (n, cycles, function))


main()
