"""The impersonations: one package a vendor, each with the same rooms."""

from emulator.vendors.alibaba import ALIBABA
from emulator.vendors.tencent import TENCENT
from emulator.vendors.volcengine import VOLCENGINE

VENDORS = (TENCENT, ALIBABA, VOLCENGINE)
