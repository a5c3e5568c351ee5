#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a log has of the room in an area at the failure, and who is known to hold buffers."""
from harness import *

BUFINFO = """
Dma-buf Objects:
size    \tflags   \tmode    \tcount   \texp_name\tino     \tname
%s
Total %d objects, %d bytes

"""


def tree_of(log, bufinfo=None):
    top = scratch()
    with open(os.path.join(top, "dmesg.txt"), "w") as file:
        file.write(log)
    with open(os.path.join(top, "META"), "w") as file:
        json.dump({"schema": "ltpin.meta/1", "kernel": {"page_size": 4096}}, file)
    for path, text in {"count": "512", "base_pfn": "262144", "order_per_bit": "0", "used": "385",
                       "maxchunk": "100"}.items() if bufinfo else ():
        os.makedirs(os.path.join(top, "sys/kernel/debug/cma/isp"), exist_ok=True)
        with open(os.path.join(top, "sys/kernel/debug/cma/isp", path), "w") as file:
            file.write(text + "\n")
    if bufinfo:
        os.makedirs(os.path.join(top, "sys/kernel/debug/dma_buf"))
        with open(os.path.join(top, "sys/kernel/debug/dma_buf/bufinfo"), "w") as file:
            file.write(bufinfo)
    return top


def failed(area, nr_pages, err, runs, nr_free, nr_total):
    return ("[  100.000001] cma: __cma_alloc: %s: alloc failed, req-size: %d pages, ret: -%d\n"
            "[  100.000002] cma: number of available pages: %s=> %d free of %d total pages\n" %
            (area, nr_pages, err, runs, nr_free, nr_total))


def finding(tree):
    report = run("report", "-f", "json", tree).json()
    found = [f for f in report["findings"] if f["id"] == "area-exhausted"]
    return found[0] if found else None


def check_size():
    """Whether it was most of the area or a little, the size is told, and no title says more."""
    for nr_pages, nr_free, nr_total in ((3500, 3000, 4096), (16000, 15999, 16384), (9, 8, 8192),
                                        (200, 100, 201)):
        got = finding(tree_of(failed("vpu", nr_pages, 12, "%d@%d" % (nr_free, nr_total - nr_free),
                                     nr_free, nr_total)))
        ok(got and got["title"] == "too little of the area was free" and
           any("of %d not allocated" % nr_total in line for line in got["evidence"]),
           "%d free for %d of %d" % (nr_free, nr_pages, nr_total), got)


def check_holders():
    """Buffers are told where the log has the moment, as what is held now."""
    row = "%08d\t00000002\t00080007\t00000003\t%s\t%08d\t%s"
    log = failed("isp", 256, 12, "27@0+100@412", 127, 512)
    for name, rows in (("one exporter", [("system", 385)]), ("two", [("isp", 300), ("vb2", 85)]),
                       ("several of one", [("isp", 100), ("isp", 200), ("isp", 85)]),
                       ("more than fit", [("drm", 4000)])):
        text = BUFINFO % ("\n".join(row % (nr * 4096, exporter, i, exporter)
                                    for i, (exporter, nr) in enumerate(rows)),
                          len(rows), sum(nr for _, nr in rows) * 4096)
        got = finding(tree_of(log, text))
        for exporter in {exporter for exporter, _ in rows}:
            sizes = sum(nr for other, nr in rows if other == exporter)
            ok(got and any("exporter %s, %d pages" % (exporter, sizes) in line
                           for line in got["evidence"]), "%s: %s" % (name, exporter), got)
        ok(got and any("read after the failure" in line for line in got["evidence"]),
           "%s: held now" % name, got)
    got = finding(tree_of(log))
    ok(got and not any("exporter" in line for line in got["evidence"]), "none known, none told", got)


check_size()
check_holders()
done()
