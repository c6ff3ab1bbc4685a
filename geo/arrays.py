"""What the arrays of this room hold."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]
Geometries = NDArray[np.object_]
