# SPDX-License-Identifier: Apache-2.0
"""The four MLPerf Tiny networks with seeded random weights.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

from executorch.examples.models.mlperf_tiny import (
    DSCNNKWS,
    DeepAutoEncoder,
    MobileNetV1025,
    ResNet8,
)
from torch import Tensor, nn

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


def ds_cnn() -> Model:
    """Keyword spotting: depthwise-separable CNN on 49x10 spectrograms."""
    return randomized(DSCNNKWS(), seed=1), (uniform(11, 1, 1, 49, 10),)


def resnet8() -> Model:
    """Image classification: ResNet-8 on 32x32 RGB images."""
    return randomized(ResNet8(), seed=2), (uniform(12, 1, 3, 32, 32),)


def mobilenet_v1_025() -> Model:
    """Visual wake words: MobileNet-V1 of width 0.25 on 96x96 RGB images."""
    return randomized(MobileNetV1025(), seed=3), (uniform(13, 1, 3, 96, 96),)


def deep_autoencoder() -> Model:
    """Anomaly detection: fully connected autoencoder on 640 features."""
    return randomized(DeepAutoEncoder(), seed=4), (uniform(14, 1, 640),)
