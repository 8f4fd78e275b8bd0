#!/usr/bin/env python3
"""What is in the packages, in SPDX 2.3's JSON: make_sbom.py BUILD PACKAGES >FILE

For sealift and sealift-server: the Debian libraries that their programs are linked with (read from the programs themselves)
or contain, the npm packages whose code is in the web client (read from the bundle's own source map), and the sources that
the web client's core is compiled from; each with its version and licence. The same packages give the same bytes."""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import uuid

SOURCE = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = {"sealift": ("sealift", "sealift-extract"), "sealift-server": ("sealiftd",)}
# Compiled in, so that no program names them: by the Debian packages that have them, the first that is installed.
COMPILED_IN = {
    "sealift": (("libbotan-2-dev", "libbotan-3-dev"), ("nlohmann-json3-dev",), ("libexpected-dev",)),
    "sealift-server": (("nlohmann-json3-dev",), ("libexpected-dev",), ("emscripten",)),
}


def said(*command, **more):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, **more).stdout


def identifier(*parts):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(parts)).strip("-")


def licences():
    lines = (SOURCE / "packaging/licences.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def package(name, version, licence, purl, reference, **more):
    return {"name": name, "SPDXID": reference, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}], **more}


class Document:
    def __init__(self):
        self.packages, self.relationships = {}, set()

    def add(self, one, of, how):
        """`of` CONTAINS, DYNAMIC_LINK or STATIC_LINK `one`."""
        self.packages[one["SPDXID"]] = one
        self.relationships.add((of, how, one["SPDXID"]))

    def debian(self, name, of, how, known):
        source, version, arch = said("dpkg-query", "-W", "-f", "${source:Package} ${Version} ${Architecture}", name).split()
        if source not in known:
            sys.exit(f"make_sbom: {name} comes from Debian's {source}, whose licence isn't in packaging/licences.txt")
        self.add(package(name, version, known[source], f"pkg:deb/debian/{name}@{version}?arch={arch}", identifier("debian", name)), of, how)

    def npm(self, folder, of, how):
        about = json.loads((folder / "package.json").read_text())
        name, version = about["name"], about["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        licence = "LicenseRef-PQClean-public-domain" if name == "pqclean" else about["license"]
        self.add(package(name, version, licence, purl, identifier("npm", name)), of, how)


def owners(libraries):
    """The installed packages that libraries' files belong to, wherever /usr was merged: one search, since each reads every list."""
    places = {place: library for library in libraries for place in (library, "/usr" + library, library.removeprefix("/usr"))}
    found = {}
    for line in subprocess.run(["dpkg", "-S", *places], capture_output=True, text=True).stdout.splitlines():
        package, _, place = line.rpartition(": ")
        if place in places:
            found.setdefault(places[place], package.split(",")[0].split(":")[0])
    for library in libraries:
        if library not in found:
            sys.exit(f"make_sbom: {library} belongs to no Debian package")
    return sorted(set(found.values()))


def linked_with(program):
    needed = re.findall(r"NEEDED +(\S+)", said("objdump", "-p", program))
    places = dict(re.findall(r"(\S+) => (/\S+)", said("ldd", program)))
    return owners([os.path.realpath(places[name]) for name in needed if name in places])


def bundled():
    """Folders of the npm packages whose code is in the web client, by its source map."""
    web = SOURCE / "web"
    with tempfile.TemporaryDirectory() as out:
        said("node", web / "node_modules/vite/bin/vite.js", "build", "--config", web / "vite.config.ts", "--sourcemap", "hidden",
             "--logLevel", "error", cwd=web, env={**os.environ, "SEALIFT_WEB_OUT": out})
        maps = [json.loads(path.read_text()) for path in pathlib.Path(out).rglob("*.map")]
    if not maps:
        sys.exit("make_sbom: the web client was built without a source map")
    names = {match[1] for each in maps for source in each["sources"]
             if (match := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/(?!.*node_modules/)", source))}
    return [web / "node_modules" / name for name in sorted(names)]


def sodium():
    """The source that web/core/libsodium_source.sh fetched."""
    names = [path.name for path in (SOURCE / "build/libsodium").glob("libsodium_*.dsc")]
    if len(names) != 1:
        sys.exit("make_sbom: build/libsodium has no source of libsodium; run make web-core")
    return names[0].removeprefix("libsodium_").removesuffix(".dsc")


def describe(document, build, packages, known):
    for name, programs in PROGRAMS.items():
        (file,) = packages.glob(f"{name}_*.deb")
        version, arch = said("dpkg-deb", "-f", file, "Version").strip(), said("dpkg-deb", "-f", file, "Architecture").strip()
        reference = identifier("package", name)
        licence = "Apache-2.0 AND GPL-3.0-or-later" if name == "sealift" else "Apache-2.0"
        digest = {"algorithm": "SHA256", "checksumValue": hashlib.sha256(file.read_bytes()).hexdigest()}
        document.add(package(name, version, licence, f"pkg:deb/{name}@{version}?arch={arch}", reference, packageFileName=file.name,
                             checksums=[digest], primaryPackagePurpose="APPLICATION"), "SPDXRef-DOCUMENT", "DESCRIBES")
        for program in programs:
            for library in linked_with(build / program):
                document.debian(library, reference, "DYNAMIC_LINK", known)
        for choices in COMPILED_IN[name]:
            there = [one for one in choices if subprocess.run(["dpkg", "-s", one], capture_output=True).returncode == 0]
            if not there:
                sys.exit(f"make_sbom: {' or '.join(choices)} is not installed, and {name} was built with it")
            document.debian(there[0], reference, "STATIC_LINK", known)
    if "SEALIFT_MLKEM:INTERNAL=openssl" not in (build / "CMakeCache.txt").read_text():
        document.npm(SOURCE / "tools/npm/node_modules/pqclean", identifier("package", "sealift"), "STATIC_LINK")
    server = identifier("package", "sealift-server")
    document.npm(SOURCE / "tools/npm/node_modules/pqclean", server, "STATIC_LINK")
    for folder in bundled():
        document.npm(folder, server, "CONTAINS")
    document.add(package("libsodium", sodium(), known["libsodium"], f"pkg:deb/debian/libsodium@{sodium()}?arch=source",
                         identifier("source", "libsodium")), server, "STATIC_LINK")


def main(build, packages):
    document = Document()
    describe(document, pathlib.Path(build), pathlib.Path(packages), licences())
    made = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or said("git", "-C", SOURCE, "log", "-1", "--format=%ct")),
                                           datetime.timezone.utc)
    digests = "".join(one["checksums"][0]["checksumValue"] for one in document.packages.values() if "checksums" in one)
    version = document.packages[identifier("package", "sealift")]["versionInfo"]
    print(json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"sealift-{version}",
        "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digests)}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": [f"Tool: sealift-make_sbom-{version}"]},
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-PQClean-public-domain", "name": "PQClean, public domain",
                                        "extractedText": "ML-KEM-768 of PQClean is in the public domain (CC0)."}],
        "packages": [document.packages[key] for key in sorted(document.packages)],
        "relationships": [{"spdxElementId": of, "relationshipType": how, "relatedSpdxElement": one}
                          for of, how, one in sorted(document.relationships)],
    }, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
