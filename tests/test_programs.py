"""Programs as they are written in a first course on PyTorch, with one import line changed.

Each trains something and asserts that it learns; the ways to write a thing vary as theirs do.
"""
import copy
import math

import pytest

import tinygrad_adam as torch
import tinygrad_adam.nn as nn
import tinygrad_adam.nn.functional as F
import tinygrad_adam.optim as optim
from tinygrad_adam.autograd import Function, Variable
from tinygrad_adam.optim.lr_scheduler import StepLR
from tinygrad_adam.utils.data import DataLoader, Dataset, TensorDataset, random_split

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


@pytest.fixture(autouse=True)
def same_numbers_every_time():
    torch.manual_seed(0)


def learned(losses):
    return losses[-1] < 0.7 * losses[0]


def test_a_polynomial_fitted_by_hand_written_updates():
    x = torch.linspace(-math.pi, math.pi, 200, device=device, dtype=torch.float)
    y = torch.sin(x)
    a, b, c, d = (torch.zeros((), device=device, requires_grad=True) for _ in range(4))
    losses = []
    for _ in range(500):
        y_pred = a + b * x + c * x ** 2 + d * x ** 3
        loss = (y_pred - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            a -= 1e-5 * a.grad
            b -= 1e-5 * b.grad
            c -= 1e-5 * c.grad
            d -= 1e-5 * d.grad
            a.grad = None
            b.grad.zero_()
            c.grad.zero_()
            d.grad.zero_()
    assert learned(losses)


def test_weights_moved_through_data():
    w = torch.randn(3, 1, requires_grad=True)
    x = torch.randn(50, 3)
    y = x.mm(torch.tensor([[1.0], [-2.0], [3.0]]))
    losses = []
    for _ in range(100):
        loss = (x.mm(w) - y).pow(2).mean()
        loss.backward()
        w.data.sub_(0.1 * w.grad.data)
        w.grad.data.zero_()
        losses.append(loss.data.numpy().item())
    assert losses[-1] < 1e-3


class LegendrePolynomial3(Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input ** 3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input ** 2 - 1)


def test_a_function_with_its_own_backward_in_a_model():
    x = torch.linspace(-1, 1, 50)
    a, b = torch.full((), 0.1, requires_grad=True), torch.full((), -0.1, requires_grad=True)
    optimizer = optim.SGD([a, b], lr=0.05)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        loss = ((a * LegendrePolynomial3.apply(b + x) - x ** 3) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert learned(losses)


class Images(Dataset):
    """Squares, bright in the upper or in the lower half."""

    def __init__(self, n, transform=None):
        self.labels = torch.randint(0, 2, (n,))
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        label = self.labels[index]
        image = torch.rand(1, 12, 12)
        image[0, 6 * int(label):6 * int(label) + 6] += 1
        return (self.transform(image) if self.transform else image), label


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.conv2 = nn.Conv2d(4, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.25)
        self.fc1 = nn.Linear(8 * 3 * 3, 16)
        self.fc2 = nn.Linear(16, 2)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.bn(self.conv2(x)), inplace=True), (2, 2))
        x = x[:, :, :3, :3]
        x = x.reshape(-1, self.num_flat_features(x))
        x = self.drop(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)

    def num_flat_features(self, x):
        count = 1
        for size in x.size()[1:]:
            count *= size
        return count


def test_a_convolutional_classifier_trained_tested_saved_and_loaded(tmp_path):
    train, test = random_split(Images(200, transform=lambda image: (image - 1) / 0.5), [160, 40])
    loader = DataLoader(train, batch_size=16, shuffle=True, num_workers=2)
    net = Net().to(device)
    optimizer = optim.Adam(net.parameters(), lr=0.01)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    losses = []
    for _ in range(3):
        net.train()
        for data, target in loader:
            data, target = Variable(data.to(device)), Variable(target.to(device))
            optimizer.zero_grad()
            loss = F.nll_loss(net(data), target)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
    assert learned(losses)

    best = copy.deepcopy(net.state_dict())
    torch.save({'epoch': 3, 'model_state_dict': best,
                'optimizer_state_dict': optimizer.state_dict()}, tmp_path / 'net.pt')
    checkpoint = torch.load(tmp_path / 'net.pt', map_location=device)
    again = Net()
    assert str(again.load_state_dict(checkpoint['model_state_dict'])) == (
        '<All keys matched successfully>')
    optimizer.load_state_dict(checkpoint['optimizer_state_dict'])
    again.eval()
    correct = 0
    with torch.no_grad():
        for data, target in DataLoader(test, batch_size=20):
            _, predicted = torch.max(again(data).data, 1)
            correct += (predicted == target).sum().item()
            assert predicted.eq(target.view_as(predicted)).shape == torch.Size([20])
    assert correct >= 36


def test_the_view_of_a_convolutions_output_shares_its_memory():
    out = nn.Conv2d(1, 3, 3)(torch.randn(2, 1, 5, 5)).detach()
    conv = nn.Conv2d(1, 3, 3)(torch.randn(2, 1, 5, 5))
    flat = conv.view(conv.size(0), -1)
    with torch.no_grad():
        flat.fill_(7.0)
    assert (conv == 7).all() and flat.shape == (2, 27) and out.shape == (2, 3, 3, 3)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(16, 8), nn.Linear(8, 2), nn.Linear(8, 2)
        self.fc3, self.fc4 = nn.Linear(2, 8), nn.Linear(8, 16)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        return mu + torch.randn_like(std) * std

    def forward(self, x):
        hidden = F.relu(self.fc1(x.view(-1, 16)))
        mu, logvar = self.fc21(hidden), self.fc22(hidden)
        z = self.reparameterize(mu, logvar)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


def test_a_variational_autoencoder():
    model, x = VAE(), (torch.rand(32, 4, 4) > 0.8).float()
    optimizer = optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(150):
        optimizer.zero_grad()
        reconstruction, mu, logvar = model(x)
        bce = F.binary_cross_entropy(reconstruction, x.view(-1, 16), reduction='sum')
        kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        (bce + kld).backward()
        optimizer.step()
        losses.append((bce + kld).item())
    assert learned(losses)


def weights_init(module):
    name = module.__class__.__name__
    if name.find('Conv') != -1:
        module.weight.data.normal_(0.0, 0.02)
    elif name.find('BatchNorm') != -1:
        module.weight.data.normal_(1.0, 0.02)
        module.bias.data.fill_(0)


def test_two_adversaries():
    generator = nn.Sequential(
        nn.ConvTranspose2d(4, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
        nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Tanh()).apply(weights_init)
    critic = nn.Sequential(
        nn.Conv2d(1, 8, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(8, 1, 4, 1, 0), nn.Sigmoid()).apply(weights_init)
    criterion = nn.BCELoss()
    of_critic = optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.999))
    of_generator = optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    losses = []
    for _ in range(20):
        critic.zero_grad()
        label = torch.full((8,), 1.0, dtype=torch.float, device=device)
        real = criterion(critic(torch.ones(8, 1, 8, 8)).view(-1), label)
        real.backward()
        fake = generator(torch.randn(8, 4, 1, 1))
        label.fill_(0.0)
        made_up = criterion(critic(fake.detach()).view(-1), label)
        made_up.backward()
        of_critic.step()
        losses.append((real + made_up).item())
        generator.zero_grad()
        label.fill_(1.0)
        criterion(critic(fake).view(-1), label).backward()
        of_generator.step()
    assert min(losses) < 0.9 * losses[0]


class CharRNN(nn.Module):
    def __init__(self, letters, hidden_size, classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(letters + hidden_size, hidden_size)
        self.i2o = nn.Linear(letters + hidden_size, classes)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        return self.softmax(self.i2o(combined)), torch.tanh(self.i2h(combined))

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


def test_a_recurrent_network_of_linear_layers_learns_names():
    rnn, criterion, losses = CharRNN(26, 16, 2), nn.NLLLoss(), []
    names = [('anna', 0), ('otto', 1), ('ada', 0), ('bob', 1)]
    for _ in range(60):
        total = 0.0
        for name, category in names:
            line = torch.zeros(len(name), 1, 26)
            for i, letter in enumerate(name):
                line[i][0][ord(letter) - ord('a')] = 1
            hidden = rnn.initHidden()
            rnn.zero_grad()
            for i in range(line.size()[0]):
                output, hidden = rnn(line[i], hidden)
            loss = criterion(output, torch.tensor([category], dtype=torch.long))
            loss.backward()
            for p in rnn.parameters():
                p.data.add_(p.grad.data, alpha=-0.05)
            total += loss.item()
        losses.append(total)
    top_n, top_i = output.topk(1)
    assert learned(losses) and top_i[0].item() == 1


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 6)
        self.lstm = nn.LSTM(6, 8, num_layers=2, batch_first=True, dropout=0.1)
        self.out = nn.Linear(8, 2)

    def forward(self, words):
        start = torch.zeros(2, words.size(0), 8), torch.zeros(2, words.size(0), 8)
        output, (hidden, cell) = self.lstm(self.embedding(words), start)
        return self.out(output[:, -1, :])


def test_an_lstm_that_classifies_sequences():
    words = torch.randint(0, 10, (32, 5))
    labels = (words[:, 0] > 4).long()
    model, losses = Tagger(), []
    optimizer = optim.RMSprop(model.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss()(model(words), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert learned(losses)


def test_batches_of_a_tensor_dataset_and_frozen_layers():
    x = torch.randn(64, 4)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
    for name, param in model.named_parameters():
        param.requires_grad = not name.startswith('0')
    before = model[0].weight.clone()
    optimizer = optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.05,
                          momentum=0.9)
    losses = []
    for _ in range(40):
        for inputs, targets in DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True):
            optimizer.zero_grad()
            loss = F.mse_loss(model(inputs), targets)
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    assert torch.equal(before, model[0].weight) and learned(losses)


def test_gradients_of_a_vector_need_one_to_start_from():
    x = torch.ones(3, requires_grad=True)
    y = x * 2
    while y.data.norm() < 1000:
        y = y * 2
    y.backward(torch.tensor([0.1, 1.0, 0.0001]))
    assert x.grad.tolist() == pytest.approx([102.4, 1024.0, 0.1024])
    assert isinstance(x, torch.Tensor) and not (x ** 2).detach().requires_grad
