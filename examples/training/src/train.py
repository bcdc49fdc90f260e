"""Trains a small classifier and says how well it does."""

from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score


def main() -> None:
    features, classes = load_iris(return_X_y=True)
    model = RandomForestClassifier(n_estimators=50, random_state=0)
    print(f"accuracy: {cross_val_score(model, features, classes).mean():.3f}")


if __name__ == "__main__":
    main()
