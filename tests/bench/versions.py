"""Print COUNT versions that are valid in apk and in natural, in the shapes that projects use: always
the same ones for the same count."""
import random
import sys


def number(most):
    return str(random.choice((0, 1, 2, random.randint(0, most))))


def plain():
    return ".".join(number(40) for _ in range(random.choice((2, 3, 3, 3, 4))))


SHAPES = (
    (70, plain),
    (10, lambda: plain() + "_rc" + number(9)),
    (6, lambda: plain() + "_beta" + number(9)),
    (6, lambda: plain() + "_p" + number(20)),
    (4, lambda: plain() + random.choice("abcdw")),
    (2, lambda: plain() + "_git20" + "".join(random.choice("0123456789") for _ in range(6))),
    (2, lambda: f"20{random.randint(10, 29)}{random.randint(1, 12):02}{random.randint(1, 28):02}"),
)


def main():
    count = int(sys.argv[1])
    random.seed(count)
    weights = [weight for weight, _ in SHAPES]
    for _, make in random.choices(SHAPES, weights, k=count):
        print(make())


main()
