# SPDX-License-Identifier: Apache-2.0
"""What a matrix of models and cores costs to build, beside ExecuTorch's own Python API."""
