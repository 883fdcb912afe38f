"""A training as README teaches it, with types: `mypy --strict` finds nothing in it, says CI."""
from __future__ import annotations

from typing import Any, Iterator

import tinygrad_adam as torch
from tinygrad_adam import Tensor, nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    """Two layers, and a shortcut around the second."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.first = nn.Linear(2, width)
        self.second = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Dropout(0.1))
        self.last = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.first(x).relu()
        scores: Tensor = self.last(hidden + self.second(hidden))
        return scores


def rings(count: int) -> TensorDataset:
    """Points in the plane, and whether they are far from the origin."""
    points = torch.randn(count, 2)
    return TensorDataset(points, (points.square().sum(dim=1) > 1.4).long())


def losses(model: nn.Module, loader: DataLoader[Any], epochs: int) -> Iterator[float]:
    """Train; the mean loss of each epoch."""
    optimizer = optim.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.99))
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=5, gamma=0.5)
    for _ in range(epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
            optimizer.step()
            total += loss.item() * len(x)
        scheduler.step()
        yield total / 500


def accuracy(model: nn.Module, data: TensorDataset) -> float:
    model.eval()
    x, y = data[:]
    with torch.no_grad():
        right: Tensor = model(x).argmax(1) == y
    return right.float().mean().item()


torch.manual_seed(0)
net = Net(width=32, classes=2)
for epoch, mean in enumerate(losses(net, DataLoader(rings(500), batch_size=50, shuffle=True), 10)):
    print(f'epoch {epoch}: loss {mean:.3f}')
weights: dict[str, Tensor] = net.state_dict()
print(f'{sum(w.numel() for w in weights.values())} numbers, accuracy '
      f'{accuracy(net, rings(500)):.2f}')
