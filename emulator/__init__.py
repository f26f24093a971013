"""An emulator of the media task APIs of Tencent Cloud, Alibaba Cloud and Volcengine."""

__version__ = "0.1.0"
