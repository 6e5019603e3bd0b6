"""A real docker-registry on loopback, filled with image manifests that the test makes."""
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
FLUX = "application/vnd.cncf.flux.content.v1.tar+gzip"
CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(media_type, data):
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}


class Registry:
    """Starts the program; `url` is its base. Use as a context manager."""

    program = shutil.which("docker-registry")

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="pawl-registry-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = os.path.join(self.folder, "config.yml")
        with open(config, "w") as f:
            f.write(
                "version: 0.1\nlog: { level: error }\n"
                f"storage: {{ filesystem: {{ rootdirectory: {self.folder}/data }} }}\n"
                f"http: {{ addr: 127.0.0.1:{self.port} }}\n"
            )
        self.process = subprocess.Popen([self.program, "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/v2/", timeout=1).read()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError("docker-registry did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def request(self, method, path, data=None, content_type=None):
        url = path if path.startswith("http") else self.url + path
        headers = {"Content-Type": content_type} if content_type else {}
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        return urllib.request.urlopen(request, timeout=10)

    def blob(self, name, data):
        digest = digest_of(data)
        with self.request("POST", f"/v2/{name}/blobs/uploads/", b"") as response:
            location = response.headers["Location"]
        separator = "&" if "?" in location else "?"
        self.request("PUT", f"{location}{separator}digest={digest}", data, "application/octet-stream").close()
        return {"digest": digest, "size": len(data)}

    def manifest(self, name, reference, data, media_type):
        self.request("PUT", f"/v2/{name}/manifests/{reference}", data, media_type).close()
        return descriptor(media_type, data)

    def image(self, name, tag, salt=""):
        """Pushes a two-platform image under `tag`; `salt` makes other bytes. Returns the index digest."""
        image = Image(name, tag, salt)
        for data in image.blobs:
            self.blob(name, data)
        for data in image.manifests:
            self.manifest(name, digest_of(data), data, MANIFEST)
        return self.manifest(name, tag, image.index, INDEX)["digest"]


    def artifact(self, name, tag, artifact):
        """Pushes an Artifact under `tag`. Returns its manifest's digest."""
        for data in set(artifact.blobs):
            self.blob(name, data)
        return self.manifest(name, tag, artifact.manifest, MANIFEST)["digest"]


class Artifact:
    """An OCI artifact of layers: (media type, bytes, annotations)."""

    def __init__(self, *layers, config=b"{}", config_type="application/vnd.oci.empty.v1+json"):
        self.blobs = [config, *(data for _, data, _ in layers)]
        document = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(config_type, config),
            "layers": [{**descriptor(kind, data), **({"annotations": notes} if notes else {})} for kind, data, notes in layers],
        }
        self.manifest = json.dumps(document).encode()


def packed(entries):
    """A .tar.gz of (name, bytes) files; what is no pair of them is a TarInfo, with or without bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                archive.addfile(entry)
                continue
            name, data = entry
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


class Image:
    """The documents of a two-platform image that the tests make up; its bytes follow from the arguments alone."""

    def __init__(self, name, tag, salt=""):
        self.blobs, self.manifests, platforms = [], [], []
        for architecture in ("amd64", "arm64"):
            config = json.dumps({"architecture": architecture, "os": "linux", "salt": salt + name + tag}).encode()
            layer = f"layer {name} {tag} {architecture} {salt}".encode()
            document = {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": descriptor(CONFIG, config),
                "layers": [descriptor(LAYER, layer)],
            }
            data = json.dumps(document).encode()
            self.blobs += [config, layer]
            self.manifests.append(data)
            platforms.append({**descriptor(MANIFEST, data), "platform": {"architecture": architecture, "os": "linux"}})
        self.configs = self.blobs[::2]
        self.index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": platforms}).encode()


def write_layout(folder, references, artifacts=None):
    """Writes an OCI layout that holds the images, without layers, and the artifacts, each under its full name: a mirror
    for `pawl lock`."""
    blobs = os.path.join(folder, "blobs/sha256")
    os.makedirs(blobs, exist_ok=True)
    entries = []

    def add(full, kind, document, others):
        for data in [document, *others]:
            with open(os.path.join(blobs, digest_of(data)[7:]), "wb") as f:
                f.write(data)
        entries.append({**descriptor(kind, document), "annotations": {"org.opencontainers.image.ref.name": full}})

    for reference in references:
        name, tag = repository_of(reference)
        image = Image(name, tag)
        add(f"{host_of(reference)}/{name}:{tag}", INDEX, image.index, [*image.manifests, *image.configs])
    for full, artifact in (artifacts or {}).items():
        add(full, MANIFEST, artifact.manifest, artifact.blobs)
    with open(os.path.join(folder, "index.json"), "w") as f:
        json.dump({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}, f, indent=2)
        f.write("\n")
    with open(os.path.join(folder, "oci-layout"), "w") as f:
        f.write('{"imageLayoutVersion":"1.0.0"}\n')


def host_of(reference):
    first = reference.split("/")[0]
    return first if "." in first and "/" in reference else "docker.io"


def repository_of(reference):
    """Name and tag of an image as a registry that mirrors ghcr.io and docker.io has them."""
    name, _, tag = reference.partition(":")
    host = host_of(reference)
    if host != "docker.io" or name.startswith("docker.io/"):
        name = name.split("/", 1)[1]
    if host == "docker.io" and "/" not in name:
        name = "library/" + name
    return name, tag or "latest"


if __name__ == "__main__":  # registry.py FOLDER IMAGE...: an OCI layout, as examples/shop/images is one
    write_layout(sys.argv[1], sys.argv[2:])
