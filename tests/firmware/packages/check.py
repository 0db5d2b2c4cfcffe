"""check.py KIND FOLDER NAME - are the manifests of a package what their formats ask for? What
is asked stands in Arduino's library specification, PlatformIO's library.json, the schema of
CMSIS packs 1.7, Zephyr's modules, ESP-IDF's component manifest."""
import json
import os
import re
import sys
import xml.etree.ElementTree as xml

kind, folder, name = sys.argv[1:]
VERSION = r'\d+\.\d+\.\d+'


def read(path):
    with open(os.path.join(folder, path), encoding='ascii') as f:
        return f.read()


def has(path):
    assert os.path.isfile(os.path.join(folder, path)), path + ' is missing'


def arduino():
    field = dict(line.split('=', 1) for line in read('library.properties').splitlines())
    for wanted in ('name', 'version', 'author', 'maintainer', 'sentence', 'paragraph',
                   'category', 'url', 'architectures'):
        assert field.get(wanted), wanted
    assert re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_ .-]{0,62}', field['name'])
    assert not field['name'].lower().startswith('arduino')
    assert re.fullmatch(VERSION, field['version'])
    assert field['category'] in ('Display', 'Communication', 'Signal Input/Output', 'Sensors',
                                 'Device Control', 'Timing', 'Data Storage',
                                 'Data Processing', 'Other')
    has('src/' + field['includes'])
    has('examples/%s/%s.ino' % (name, name))


def platformio():
    manifest = json.loads(read('library.json'))
    assert re.fullmatch(r'[A-Za-z0-9_.\- ]{1,100}', manifest['name'])
    assert re.fullmatch(VERSION, manifest['version']) and manifest['description']
    assert '-ffp-contract=off' in manifest['build']['flags']
    has(os.path.join(manifest['build']['includeDir'], manifest['headers']))
    for example in manifest['examples']:
        for file in example['files']:
            has(os.path.join(example['base'], file))


def cmsis():
    tree = xml.fromstring(read('dlc.%s.pdsc' % name))
    assert tree.tag == 'package' and re.match(r'1\.7', tree.get('schemaVersion'))
    # all of these exactly once; the schema gives no order
    for wanted in ('vendor', 'name', 'description', 'url', 'releases', 'components'):
        assert len(tree.findall(wanted)) == 1, wanted
    # the file is VENDOR.NAME.pdsc
    assert tree.find('vendor').text == 'dlc' and tree.find('name').text == name
    release = tree.find('releases/release')
    assert re.fullmatch(VERSION, release.get('version')) and release.text
    conditions = [c.get('id') for c in tree.findall('conditions/condition')]
    assert all(len(c) > 1 for c in tree.findall('conditions/condition'))
    component = tree.find('components/component')
    assert component.get('Cclass') and component.get('Cgroup')
    assert re.fullmatch(VERSION, component.get('Cversion'))
    assert component.get('condition') is None or component.get('condition') in conditions
    assert component.find('description').text
    files = component.findall('files/file')
    for file in files:
        assert file.get('category') in ('doc', 'header', 'source')
        assert (file.get('attr') == 'template') == (file.get('select') is not None)
        has(file.get('name'))
    listed = {file.get('name') for file in files}
    for file in os.listdir(os.path.join(folder, 'src')):
        assert 'src/' + file in listed, file


def zephyr():
    import kconfiglib
    import yaml
    module = yaml.safe_load(read('zephyr/module.yml'))
    assert module['name'] == name
    has(os.path.join(module['build']['cmake'], 'CMakeLists.txt'))
    symbols = kconfiglib.Kconfig(os.path.join(folder, module['build']['kconfig']),
                                 suppress_traceback=True)
    symbol = symbols.syms[name.upper()]
    assert symbol.type == kconfiglib.BOOL and symbol.str_value == 'n'
    assert symbol.nodes[0].help and symbol.nodes[0].prompt
    symbols.load_config(os.path.join(folder, 'samples', name, 'prj.conf'))
    assert symbol.str_value == 'y' and not symbols.warnings, symbols.warnings


def espidf():
    import yaml
    manifest = yaml.safe_load(read('idf_component.yml'))
    assert re.fullmatch(VERSION, manifest['version']) and manifest['description']
    assert 'idf' in manifest['dependencies']


globals()[kind]()
readme = read('README.md')
assert '@' not in readme and 'multiply-adds' in readme
for suffix in ('.h', '.c'):
    has('src/' + name + suffix)
