# SPDX-License-Identifier: Apache-2.0
"""What an image costs and why: NAME.report.json, a text summary, and a page with pictures."""
