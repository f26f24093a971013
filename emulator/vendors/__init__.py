"""The impersonations: one package a vendor, each with the same rooms."""

from emulator.vendors.tencent import TENCENT

VENDORS = (TENCENT,)
