"""Files of /proc and /sys as real machines gave them, shortened: a server with two cores, a desktop's sensors."""

from pathlib import Path

__all__ = ["LATER", "SERVER", "write"]

SERVER = {
    "proc/stat": """\
cpu  10000 200 3000 80000 1000 0 100 50 500 0
cpu0 6000 100 1500 40000 600 0 60 30 300 0
cpu1 4000 100 1500 40000 400 0 40 20 200 0
intr 181934 0 0 0
ctxt 391827
btime 1760000000
""",
    "proc/meminfo": """\
MemTotal:       16316412 kB
MemFree:         2000000 kB
MemAvailable:    8158206 kB
Buffers:          100000 kB
Cached:          5000000 kB
SwapCached:            0 kB
SwapTotal:       4194300 kB
SwapFree:        3145725 kB
SReclaimable:     200000 kB
HugePages_Total:       0
""",
    "proc/diskstats": """\
   7       0 loop0 11 0 28 3 0 0 0 0 0 2 3 0 0 0 0 0 0
   8       0 sda 1000 50 20000 300 500 60 40000 700 0 900 1000 0 0 0 0 0 0
   8       1 sda1 900 50 19000 290 500 60 40000 700 0 880 990 0 0 0 0 0 0
 259       0 nvme0n1 100 0 800 10 200 0 1600 20 0 25 30 0 0 0 0 0 0
 259       1 nvme0n1p1 100 0 800 10 200 0 1600 20 0 25 30 0 0 0 0 0 0
 253       0 dm-0 100 0 800 10 200 0 1600 20 0 25 30 0 0 0 0 0 0
  11       0 sr0 1 0 2 3 0 0 0 0 0 1 3 0 0 0 0 0 0
   8      16 sdb 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
""",
    "proc/net/dev": """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  500000    4000    0    0    0     0          0         0   500000    4000    0    0    0     0       0          0
  eth0: 2000000    9000    0    0    0     0          0         0  1000000    6000    0    0    0     0       0          0
  ifb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
veth1a:70000000 9000    0    0    0     0          0         0  30000    6000    0    0    0     0       0          0
""",
    "proc/loadavg": "0.20 0.18 0.12 1/80 11206\n",
    "proc/uptime": "93784.52 180000.11\n",
    "proc/pressure/cpu": "some avg10=1.50 avg60=0.80 avg300=0.20 total=123456\n",
    "proc/pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
    "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    "proc/pressure/io": "some avg10=12.25 avg60=3.00 avg300=1.00 total=999\n"
    "full avg10=11.00 avg60=2.00 avg300=1.00 total=900\n",
    "sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq": "1800000\n",
    "sys/devices/system/cpu/cpufreq/policy1/scaling_cur_freq": "3400000\n",
    "sys/class/hwmon/hwmon0/name": "nvme\n",
    "sys/class/hwmon/hwmon0/temp1_input": "71850\n",
    "sys/class/hwmon/hwmon1/name": "coretemp\n",
    "sys/class/hwmon/hwmon1/temp1_input": "48000\n",
    "sys/class/hwmon/hwmon1/temp2_input": "52500\n",
    "sys/class/thermal/thermal_zone0/type": "acpitz\n",
    "sys/class/thermal/thermal_zone0/temp": "27800\n",
}
"""Path below the root → text."""

LATER = SERVER | {
    "proc/stat": """\
cpu  10030 200 3010 80140 1020 0 100 50 500 0
cpu0 6030 100 1505 40060 605 0 60 30 300 0
cpu1 4000 100 1505 40080 415 0 40 20 200 0
""",
    "proc/diskstats": """\
   8       0 sda 1100 50 24096 310 520 60 40000 710 0 1900 1020 0 0 0 0 0 0
 259       0 nvme0n1 100 0 800 10 200 0 1600 20 0 25 30 0 0 0 0 0 0
""",
    "proc/net/dev": SERVER["proc/net/dev"].replace("2000000 ", "2004096 ").replace("1000000 ", "1001024 "),
}
"""The same some time later: of 200 ticks, 40 were busy and 20 waited."""


def write(root: Path, files: dict[str, str]) -> Path:
    """Write the files in place, as the kernel changes them: whoever has one open sees the new text."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root
