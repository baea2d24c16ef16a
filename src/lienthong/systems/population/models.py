"""Tables of the population register. Facts that change have their own row with validity and the instant recorded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Person(models.Model):
    """A person of the register (*công dân*) and the facts that do not change.

    Source: Luật Căn cước công dân 59/2014/QH13, Điều 9.
    """

    number = models.CharField(max_length=12, unique=True, db_comment="Personal identification number")
    family_name = models.CharField(max_length=40)
    middle_names = models.CharField(max_length=80)
    given_name = models.CharField(max_length=40)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, db_comment="1 male, 2 female")
    ethnic_group = models.CharField(max_length=2)
    marital_status = models.CharField(max_length=1)
    nationality = models.CharField(max_length=3, default="VNM")
    date_of_death = models.DateField(null=True)
    access_key_digest = models.CharField(
        max_length=64, unique=True, db_comment="SHA-256 of the key of the own page's link"
    )
    recorded_at = models.DateTimeField(db_comment="When the register learned this, UTC")

    class Meta:
        """Table and constraints."""

        db_table = "person"
        constraints = (models.CheckConstraint(condition=Q(sex__in=("1", "2")), name="person_sex_known"),)

    def __str__(self) -> str:
        return f"person {self.pk}"


class Address(models.Model):
    """A place one can live at."""

    commune_code = models.CharField(max_length=5, db_index=True)
    detail = models.CharField(max_length=200)

    class Meta:
        """Table."""

        db_table = "address"

    def __str__(self) -> str:
        return f"address {self.pk}"


class Residence(models.Model):
    """A person living at an address for a time (*nơi thường trú*). Source: Luật Cư trú 68/2020/QH14, Điều 11."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="residences")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, db_comment="Last day; empty while it lasts")
    recorded_at = models.DateTimeField()

    class Meta:
        """Table and constraints."""

        db_table = "residence"
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(valid_until__isnull=True), name="residence_one_open_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"residence {self.pk}"


class Household(models.Model):
    """People who live together under one head (*hộ gia đình*)."""

    code = models.CharField(max_length=12, unique=True)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="households")

    class Meta:
        """Table."""

        db_table = "household"

    def __str__(self) -> str:
        return f"household {self.pk}"


class HouseholdMember(models.Model):
    """A person's place in a household during one validity."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, db_comment="Last day; empty while it lasts")
    recorded_at = models.DateTimeField()

    class Meta:
        """Table and constraints."""

        db_table = "household_member"
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(valid_until__isnull=True), name="household_one_open_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"household member {self.pk}"
