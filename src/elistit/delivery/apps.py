from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "elistit.delivery"
    label = "delivery"
